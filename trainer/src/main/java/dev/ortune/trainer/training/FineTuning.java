package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.adaptation.Adapter;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.data.Ahead;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.TrainedModel;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.task.FreeText;
import dev.ortune.trainer.task.Scoring;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.TextToText;
import dev.ortune.trainer.text.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A whole run: from a pretrained model and data files to a model folder that is there complete or not at all.
 *
 * @param pretrained folder of the weights to start from
 * @param data the sets
 * @param arguments the hyper-parameters
 * @param adaptation which weights are trained, and how fast
 * @param run what it keeps and tells on its way
 * @param out the model's folder
 * @param overwrite whether a model that is there may be replaced
 */
public record FineTuning(
        Path pretrained,
        DataArguments data,
        TrainingArguments arguments,
        AdaptationArguments adaptation,
        RunArguments run,
        Path out,
        boolean overwrite)
        implements Run {
    public FineTuning {
        if ((data.task() instanceof TextToText || data.task() instanceof FreeText)
                && arguments.execution().device() != Device.CPU) {
            throw new OrtuneException("--task text2text trains on the CPU alone; --device cpu says so");
        }
        if (arguments.evaluation().earlyStopping() > 0
                && data.validation() == null
                && data.split().share() == 0) {
            throw new OrtuneException("--early-stopping needs a validation set");
        }
    }

    /** Trains, tests, and publishes the folder. */
    @Override
    public void run(TrainingLog display, StopRequest stop) {
        try (RunFolder folder = run.resume() ? RunFolder.resume(out, overwrite) : RunFolder.begin(out, overwrite)) {
            PretrainedModel model = PretrainedModel.load(pretrained);
            Iterator<String> sha256 =
                    new Ahead<>(Stream.of(model).map(PretrainedModel::sha256).iterator());
            requirePositions(model);
            DataArguments.Sets sets = data.read(model.configJson());
            stop.check();
            EncodedSets encoded = EncodedSets.of(sets, model.folder(), arguments.batches());
            Labels labels = sets.train().labels();
            arguments.objective().requireFitting(sets.task(), sets.train());
            encoded.metric(arguments.evaluation().metric());
            Network whole = new Network(
                    model.architecture(),
                    encoded.task().head(labels.count(), arguments.objective().loss(sets.train())));
            FreshHead weights = model.withFreshHead(whole, arguments.seed());
            AdaptationArguments settled = adaptation.settled(whole, weights.initialised());
            Network network =
                    whole.adapted(settled.of(whole, arguments.schedule().learningRate()));
            FreshHead head = Adapter.start(network, weights, settled, arguments.seed());
            ModelFolder files = folder.files();
            ObjectNode described = TrainingArgumentsFile.of(this, settled, network, model, sha256.next(), encoded);
            TrainingRun training = new TrainingRun(arguments, run, files, out, display, stop);
            StartingPoint start = training.startingPoint(described);
            display.begin(training.description(
                    pretrained.toString(),
                    network,
                    head,
                    encoded.summaries(),
                    labels.names(),
                    encoded.train().parts(),
                    notices(model.folder(), settled, sets, encoded)));
            if (!run.resume()) {
                folder.clear();
            }
            if (start.isStart()) {
                files.writeDescription(model, network, encoded.task(), labels, arguments.batches(), described);
                files.writeTokenLengths(encoded);
                if (settled.lora() != null) {
                    AdapterFiles.writeConfig(files.adapter(), settled.lora(), network, pretrained.toString());
                }
            }
            stop.check();
            RunSummary reported = training.withReport(train(training, network, head, encoded, start));
            folder.publish();
            display.end(reported);
        } finally {
            display.close();
        }
    }

    private RunSummary train(
            TrainingRun training, Network network, FreshHead head, EncodedSets sets, StartingPoint start) {
        VocabularySubset vocabulary = network.head().meetsVocabulary()
                ? VocabularySubset.whole(network.architecture())
                : new VocabularySubset(sets.tokenIds(), network.architecture());
        try (RunLogs logs = RunLogs.open(training.files(), run, start, training.display()::notice)) {
            TrainingResult result =
                    training.train(network, head, vocabulary, LoopData.of(sets, arguments), start, logs);
            Predictions test = predict(sets, training.files(), training.stop());
            RunSummary summary = summary(result, test, sets);
            logs.end(summary);
            return summary;
        }
    }

    /**
     * What the best checkpoint, as its files have it, says of the validation and the test set; both are written down.
     * Those of the test set, or null without one.
     */
    private Predictions predict(EncodedSets sets, ModelFolder files, StopRequest stop) {
        if (sets.validation() == null && sets.test() == null) {
            return null;
        }
        try (TrainedModel model = TrainedModel.open(
                files.folder(), arguments.threads(), arguments.execution().device())) {
            Task task = sets.task();
            if (sets.validation() != null) {
                Predictions validation = predict(model, sets.validation(), task, sets.padId(), stop);
                task = task.tuned(validation);
                files.describe(task, sets.labels());
                Scoring scoring = task.scoring();
                scoring.write(files.predictions("validation", scoring), sets.validation(), scoring.judged(validation));
            }
            if (sets.test() == null) {
                return null;
            }
            Predictions test = predict(model, sets.test(), task, sets.padId(), stop);
            task.scoring().write(files.predictions("test", task.scoring()), sets.test(), test);
            return test;
        }
    }

    private Predictions predict(TrainedModel model, EncodedDataset set, Task task, int padId, StopRequest stop) {
        return model.predictions(
                task, Batches.toEvaluate(set, padId, arguments.batches().size()), stop::check);
    }

    private List<String> notices(
            Path folder, AdaptationArguments settled, DataArguments.Sets sets, EncodedSets encoded) {
        List<String> notices = new ArrayList<>(settled.lines());
        notices.addAll(sets.notices());
        if (encoded.task() instanceof FreeText written) {
            encoded.byRole().forEach((role, set) -> {
                if (written.full(set) > 0) {
                    notices.add(written.full(set) + " targets of the " + role + " set have " + written.maxTargetLength()
                            + " tokens or are cut to them; --max-target-length takes more");
                }
            });
        }
        OptionalInt stated = TokenizerFiles.modelMaxLength(folder);
        if (stated.isPresent() && stated.getAsInt() < arguments.batches().maxLength()) {
            notices.add(
                    "texts are cut to " + arguments.batches().maxLength() + " tokens, but tokenizer_config.json has a"
                            + " model_max_length of " + stated.getAsInt() + "; --max-length " + stated.getAsInt()
                            + " keeps to it");
        }
        if (TokenizerFiles.padsWithEndOfText(folder)) {
            notices.add("no file of " + folder
                    + " names a padding token: texts are filled up with the token that ends one, which"
                    + " the model's config.json and tokenizer_config.json will name");
        }
        return notices;
    }

    private void requirePositions(PretrainedModel model) {
        int positions = model.architecture().mostTokens();
        if (arguments.batches().maxLength() > positions) {
            throw new OrtuneException("--max-length " + arguments.batches().maxLength() + " is more than the "
                    + positions + " positions of " + pretrained);
        }
    }

    private RunSummary summary(TrainingResult result, Predictions test, EncodedSets sets) {
        return new RunSummary(
                out.toString(),
                result.loop(),
                result.evaluations(),
                test == null ? null : test.metrics(),
                test == null ? null : sets.task().scoring().batches(test, BatchMcc.BATCH_SIZE),
                null);
    }
}

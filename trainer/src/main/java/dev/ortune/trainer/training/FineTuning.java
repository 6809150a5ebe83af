package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.data.Ahead;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.TrainedModel;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.RunDescription;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.report.output.ReportFiles;
import dev.ortune.trainer.task.Scoring;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.text.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A whole run: from a pretrained model and data files to a model folder that is there complete or not at all.
 *
 * @param pretrained folder of the weights to start from
 * @param data the sets
 * @param arguments the hyper-parameters
 * @param run what it keeps and tells on its way
 * @param out the model's folder
 * @param overwrite whether a model that is there may be replaced
 */
public record FineTuning(
        Path pretrained,
        DataArguments data,
        TrainingArguments arguments,
        RunArguments run,
        Path out,
        boolean overwrite) {
    public FineTuning {
        if (arguments.evaluation().earlyStopping() > 0
                && data.validation() == null
                && data.split().share() == 0) {
            throw new OrtuneException("--early-stopping needs a validation set");
        }
    }

    /**
     * Trains, tests, and publishes the folder.
     *
     * @param display told how it goes
     * @param stop asked after each step
     * @throws OrtuneException when anything fails; what was at {@code out} is as it was then
     * @throws StopRequest.Stopped when that was asked for, likewise
     */
    public RunSummary run(TrainingLog display, StopRequest stop) {
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
            Network network = new Network(
                    model.architecture(),
                    encoded.task().head(labels.count(), arguments.objective().loss(sets.train())));
            FreshHead head = model.withFreshHead(network, arguments.seed());
            ModelFolder files = folder.files();
            ObjectNode described = TrainingArgumentsFile.of(this, model, sha256.next(), encoded);
            StartingPoint start = startingPoint(files, described, display);
            display.begin(description(head, encoded, labels, notices(model.folder(), sets)));
            if (!run.resume()) {
                folder.clear();
            }
            if (start.isStart()) {
                files.writeDescription(model, network, encoded.task(), labels, arguments.batches(), described);
                files.writeTokenLengths(encoded);
            }
            stop.check();
            RunSummary summary = train(network, head, encoded, files, start, display, stop);
            RunSummary reported = withReport(summary, files);
            folder.publish();
            display.end(reported);
            return reported;
        } finally {
            display.close();
        }
    }

    /** Where an interrupted run goes on; the start when it had no checkpoint yet, or this one is new. */
    private StartingPoint startingPoint(ModelFolder files, ObjectNode described, TrainingLog display) {
        if (!run.resume()) {
            return StartingPoint.START;
        }
        TrainingArgumentsFile.requireSame(files.arguments(), described);
        files.removeTemporaries();
        files.writeArguments(described);
        StartingPoint start = Checkpoints.in(files)
                .latest(display::notice)
                .map(StartingPoint::of)
                .orElse(StartingPoint.START);
        display.notice(
                start.isStart()
                        ? "There is no checkpoint to go on from; " + out + " begins at the start"
                        : "Going on from step " + start.state().progress().steps());
        return start;
    }

    private RunSummary train(
            Network network,
            FreshHead head,
            EncodedSets sets,
            ModelFolder files,
            StartingPoint start,
            TrainingLog display,
            StopRequest stop) {
        try (RunLogs logs = RunLogs.open(files, run, start, display::notice)) {
            TrainingResult result = loop(network, head, sets, files, start, logs, display, stop);
            Predictions test = predict(sets, files, stop);
            RunSummary summary = summary(result, test, sets);
            logs.end(summary);
            return summary;
        }
    }

    private TrainingResult loop(
            Network network,
            FreshHead head,
            EncodedSets sets,
            ModelFolder files,
            StartingPoint start,
            RunLogs logs,
            TrainingLog display,
            StopRequest stop) {
        VocabularySubset vocabulary = new VocabularySubset(sets.tokenIds(), network.architecture());
        try (TrainingSession session = session(network, head, vocabulary, files.training(), start)) {
            Consumer<RunState> save =
                    state -> Checkpoints.in(files).save(state.progress().steps(), session::save, logs.json(state));
            if (!session.canSave()) {
                display.notice(
                        "No checkpoints are written: the optimizer's state of so many weights is larger than 2 GB,"
                                + " the most that ONNX Runtime writes; this run cannot be resumed");
                save = state -> {};
            }
            Trainer trainer =
                    new Trainer(arguments, run, session, sets, files::writeWeights, save, logs.and(display), stop);
            TrainingResult result = trainer.run(start.state());
            session.weights();
            files.writeState(result, vocabulary);
            return result;
        }
    }

    private TrainingSession session(
            Network network, FreshHead head, VocabularySubset vocabulary, Path folder, StartingPoint start) {
        Execution execution = arguments.execution();
        ArtifactOptions options = execution.artifactOptions(arguments.optimizer());
        SessionSettings settings = new SessionSettings(arguments.threads(), arguments.seed(), execution.device());
        return start.isStart()
                ? TrainingSession.start(network, head.weights(), options, vocabulary, folder, settings)
                : TrainingSession.resume(
                        network,
                        head.weights(),
                        options,
                        vocabulary,
                        folder,
                        settings,
                        start.session(),
                        start.state().session());
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
        Batches batches = Batches.toEvaluate(set, padId, arguments.batches().size());
        return task.scoring().predictions(batches, batch -> {
            stop.check();
            return model.outputs(batch);
        });
    }

    private List<String> notices(Path folder, DataArguments.Sets sets) {
        List<String> notices = new ArrayList<>(sets.notices());
        OptionalInt stated = TokenizerFiles.modelMaxLength(folder);
        if (stated.isPresent() && stated.getAsInt() < arguments.batches().maxLength()) {
            notices.add(
                    "texts are cut to " + arguments.batches().maxLength() + " tokens, but tokenizer_config.json has a"
                            + " model_max_length of " + stated.getAsInt() + "; --max-length " + stated.getAsInt()
                            + " keeps to it");
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

    private RunDescription description(FreshHead start, EncodedSets sets, Labels labels, List<String> notices) {
        long parameters =
                start.weights().all().stream().mapToLong(Tensor::elements).sum();
        return new RunDescription(
                new RunDescription.Start(pretrained.toString(), parameters, start.initialised()),
                sets.summaries(),
                labels.names(),
                arguments.execution().hardware(),
                new SessionSettings(arguments.threads(), arguments.seed()).actualThreads(),
                arguments.totalSteps(sets.train().parts()),
                arguments.schedule().epochs(),
                notices);
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

    /** Whatever hinders the report, a trained model must not be lost for it. */
    private RunSummary withReport(RunSummary summary, ModelFolder files) {
        try {
            ReportFiles.intoFolder(
                    files.folder(),
                    out.toAbsolutePath().normalize().getFileName().toString());
            return summary.withReport(out.resolve(ReportFiles.PAGE).toString());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return summary.withReport("none (" + e.getMessage() + "); \"ortune report " + out + "\" tries again");
        }
    }
}

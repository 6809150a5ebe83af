package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Ahead;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A whole run of pre-training: from a model, or a configuration, and texts without labels to a model folder that is there complete
 * or not at all.
 *
 * @param start the weights to start from
 * @param data the texts
 * @param objective what is minimised
 * @param arguments the hyper-parameters
 * @param run what it keeps and tells on its way
 * @param out the model's folder
 * @param overwrite whether a model that is there may be replaced
 */
public record Pretraining(
        PretrainingStart start,
        CorpusArguments data,
        PretrainingObjective objective,
        TrainingArguments arguments,
        RunArguments run,
        Path out,
        boolean overwrite)
        implements Run {
    public Pretraining {
        if (arguments.evaluation().earlyStopping() > 0 && !data.validates()) {
            throw new OrtuneException("--early-stopping needs a validation set");
        }
        if (objective.kind() == PretrainingObjective.Kind.CLM && objective.wholeWords()) {
            throw new OrtuneException("--whole-word-mask is for --objective mlm; clm masks nothing");
        }
        if (data.lineByLine() && objective.nextSentence()) {
            throw new OrtuneException(
                    "--line-by-line is for --objective mlm and clm; next sentences are of pairs of texts");
        }
    }

    @Override
    public void run(TrainingLog display, StopRequest stop) {
        try (RunFolder folder = run.resume() ? RunFolder.resume(out, overwrite) : RunFolder.begin(out, overwrite)) {
            PretrainedModel model = start.load();
            requirePositions(model);
            Network network = new Network(model.architecture(), objective.head(model.architecture()));
            FreshHead weights = model.withFreshHead(network, arguments.seed());
            if (!run.resume()) {
                folder.clear();
            }
            TrainingRun training = new TrainingRun(arguments, run, folder.files(), out, display, stop);
            RunSummary summary = train(training, model, network, weights);
            RunSummary reported = training.withReport(summary);
            folder.publish();
            display.end(reported);
        } finally {
            display.close();
        }
    }

    private RunSummary train(TrainingRun training, PretrainedModel model, Network network, FreshHead weights) {
        Iterator<String> sha256 = new Ahead<>(Stream.of(model)
                .filter(from -> start.pretrained() != null)
                .map(PretrainedModel::sha256)
                .iterator());
        try (PretrainingSets sets = sets(training, model)) {
            ObjectNode described = TrainingArgumentsFile.of(this, model, sha256.hasNext() ? sha256.next() : null, sets);
            StartingPoint from = training.startingPoint(described);
            training.display()
                    .begin(training.description(
                            start.toString(),
                            network,
                            weights,
                            sets.summaries(),
                            List.of(),
                            sets.train().size(),
                            List.of()));
            if (from.isStart()) {
                training.files()
                        .writeDescription(model, network, arguments.batches().maxLength(), described);
            }
            // Any token may be drawn for another, and each one's row in the decoder is trained at every step.
            VocabularySubset vocabulary = VocabularySubset.whole(model.architecture());
            LoopData loop = sets.loop(arguments, objective.nextSentence());
            try (RunLogs logs = RunLogs.open(training.files(), run, from, training.display()::notice)) {
                TrainingResult result = training.train(network, weights, vocabulary, loop, from, logs);
                RunSummary summary =
                        new RunSummary(out.toString(), result.loop(), result.evaluations(), null, null, null);
                logs.end(summary);
                return summary;
            }
        }
    }

    private PretrainingSets sets(TrainingRun training, PretrainedModel model) {
        try (TextTokenizer tokenizer =
                TextTokenizer.load(model.folder(), arguments.batches().maxLength())) {
            return PretrainingSets.of(
                    data,
                    objective,
                    tokenizer,
                    arguments.batches().maxLength(),
                    arguments.seed(),
                    training.files().training(),
                    training.stop());
        }
    }

    private void requirePositions(PretrainedModel model) {
        int positions = model.architecture().mostTokens();
        if (arguments.batches().maxLength() > positions) {
            throw new OrtuneException("--max-length " + arguments.batches().maxLength() + " is more than the "
                    + positions + " positions of " + start);
        }
    }
}

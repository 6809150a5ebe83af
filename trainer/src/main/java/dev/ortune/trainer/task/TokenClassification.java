package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.data.WordLabelReader;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.EntityTags;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.TokenPredictions;
import dev.ortune.trainer.report.TokenPredictionsFile;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.TokenHead;
import dev.ortune.trainer.text.Encoding;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A label for each word, as those of entities or of parts of speech.
 *
 * @param labelAllTokens whether every token of a word is to be labelled in training, {@code --label-all-tokens}, rather than
 *     the first alone
 */
public record TokenClassification(boolean labelAllTokens) implements Task, Examples, Scoring {
    @Override
    public String name() {
        return "token-classification";
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        return new TokenHead(labels, loss);
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public double weight(Batch batch, CrossEntropy loss) {
        return loss.weight(batch.labels());
    }

    @Override
    public Examples examples() {
        return this;
    }

    @Override
    public Scoring scoring() {
        return this;
    }

    @Override
    public String kind() {
        return "words with a label each";
    }

    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return !Datasets.isBuiltin(spec) && WordLabelReader.reads(path(spec), columns);
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        return WordLabelReader.read(path(spec), columns, known);
    }

    private static Path path(String spec) {
        try {
            return Path.of(spec);
        } catch (InvalidPathException e) {
            throw new OrtuneException(spec + ": no valid file name: " + e.getReason(), e);
        }
    }

    /** Of many labels some are rare: a training set may lack some of those that were named. */
    @Override
    public void requireTrainable(Dataset train, Labels named) {
        long used = train.examples().stream()
                .flatMapToInt(example -> example.target().ids())
                .distinct()
                .count();
        if (used < 2) {
            throw new OrtuneException(
                    train.name() + ": every word has the same label; a classifier needs two labels at" + " least");
        }
    }

    @Override
    public TextTokenizer.Form form() {
        return TextTokenizer.Form.WORDS;
    }

    /** A label a token: a word's first token has the word's, the others have it too or {@link Targets#IGNORED}. */
    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        List<Encoding> encodings = EncodedDataset.encodings(
                dataset, example -> tokenizer.encodeWords(((Target.WordLabels) example.target()).words()));
        int[] inside = inside(dataset.labels().names());
        long[][] labels = IntStream.range(0, dataset.size())
                .mapToObj(row -> labels(
                        encodings.get(row).words(),
                        ((Target.WordLabels) dataset.examples().get(row).target()).labels(),
                        inside))
                .toArray(long[][]::new);
        return new EncodedDataset(dataset, encodings, Map.of(Batch.LABELS, new Targets.OneAToken(labels)));
    }

    /** The label of a word's other tokens by that of its first, as in run_ner: an entity begins with one token alone. */
    private static int[] inside(List<String> names) {
        return IntStream.range(0, names.size())
                .map(label -> {
                    int other = names.get(label).startsWith("B-")
                            ? names.indexOf("I-" + names.get(label).substring(2))
                            : -1;
                    return other < 0 ? label : other;
                })
                .toArray();
    }

    private long[] labels(int[] words, int[] labels, int[] inside) {
        long[] targets = new long[words.length];
        int previous = Encoding.NO_WORD;
        for (int token = 0; token < words.length; token++) {
            int word = words[token];
            if (word == Encoding.NO_WORD || (word == previous && !labelAllTokens)) {
                targets[token] = Targets.IGNORED;
            } else {
                targets[token] = word == previous ? inside[labels[word]] : labels[word];
            }
            previous = word;
        }
        return targets;
    }

    @Override
    public TokenPredictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return TokenPredictions.of(batches, batch -> model.apply(batch).get(LOGITS));
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return EntityTags.of(labels.names()).isPresent()
                ? List.of(Metric.F1, Metric.PRECISION, Metric.RECALL, Metric.ACCURACY, Metric.LOSS)
                : List.of(Metric.ACCURACY, Metric.LOSS);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        TokenPredictionsFile.write(file, set.dataset(), (TokenPredictions) predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return null;
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.lines(((TokenPredictions) predictions).metrics());
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.json(((TokenPredictions) predictions).metrics(), labels.names());
    }
}

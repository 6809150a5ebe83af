package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a classifier of words said of each sentence of a set, in the set's order. A word's label is that of its first token.
 *
 * @param names label names in the order of their ids
 * @param labels the right ones, {@code [sentences][words]}
 * @param predictions the predicted ones, {@code [sentences][words]}; {@link #NONE} for a word of which the model saw nothing
 * @param loss mean cross entropy of the labelled tokens in nats
 */
public record TokenPredictions(List<String> names, int[][] labels, int[][] predictions, double loss)
        implements Predictions {
    /** In the place of a label: none was predicted. */
    public static final int NONE = -1;

    public TokenPredictions {
        names = List.copyOf(names);
        if (labels.length != predictions.length) {
            throw new IllegalArgumentException(labels.length + " sentences, " + predictions.length + " predictions");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i].length != predictions[i].length) {
                throw new IllegalArgumentException("sentence " + i + " has " + labels[i].length + " words and "
                        + predictions[i].length + " predictions");
            }
        }
    }

    /**
     * Asks a model about a whole set of {@link Target.WordLabels}.
     *
     * @param batches the set; in any order, as each example's position comes with it
     * @param model gives a batch's logits: {@code [size, length, labels]}, or packed as {@code [tokens, labels]} without
     *     those of padding
     */
    public static TokenPredictions of(Batches batches, Function<Batch, float[]> model) {
        Collector collector = new Collector(batches.data());
        batches.epoch(0).forEach(batch -> collector.add(batch, model.apply(batch)));
        return collector.predictions();
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public TokenMetrics metrics() {
        return metrics(IntStream.range(0, size()).toArray());
    }

    /** Of some of the sentences, each as often as it is named; the loss is that of all. */
    public TokenMetrics metrics(int[] sentences) {
        EntityTags tags = EntityTags.of(names).orElse(null);
        long measured = 0;
        long correct = 0;
        long unmeasured = 0;
        Map<String, TypeScore> types = new TreeMap<>();
        if (tags != null) {
            tags.types().forEach(type -> types.put(type, new TypeScore(type, 0, 0, 0)));
        }
        for (int sentence : sentences) {
            int[] right = measured(sentence, labels[sentence]);
            int[] predicted = measured(sentence, predictions[sentence]);
            measured += right.length;
            unmeasured += labels[sentence].length - right.length;
            correct += IntStream.range(0, right.length)
                    .filter(word -> right[word] == predicted[word])
                    .count();
            if (tags != null) {
                count(tags.entities(right), tags.entities(predicted), types);
            }
        }
        return new TokenMetrics(
                sentences.length,
                loss,
                new WordCounts(measured, correct, unmeasured),
                tags == null ? null : new ArrayList<>(types.values()));
    }

    /** Those of a sentence's numbers that belong to words that were measured. */
    public int[] measured(int sentence, int[] ofWords) {
        int[] predicted = predictions[sentence];
        return IntStream.range(0, predicted.length)
                .filter(word -> predicted[word] != NONE)
                .map(word -> ofWords[word])
                .toArray();
    }

    private static void count(List<Entity> right, List<Entity> predicted, Map<String, TypeScore> types) {
        Set<Entity> wanted = new HashSet<>(right);
        for (Entity entity : predicted) {
            types.merge(
                    entity.type(),
                    new TypeScore(entity.type(), wanted.contains(entity) ? 1 : 0, 1, 0),
                    TypeScore::plus);
        }
        for (Entity entity : right) {
            types.merge(entity.type(), new TypeScore(entity.type(), 0, 0, 1), TypeScore::plus);
        }
    }

    /** Takes apart what a model says of batches. */
    private static final class Collector {
        private final EncodedDataset data;
        private final int classes;
        private final int[][] labels;
        private final int[][] predictions;
        /** Summed in the set's order at the end, so that the mean does not hang on how sentences were batched. */
        private final double[] losses;

        private long labelledTokens;

        Collector(EncodedDataset data) {
            this.data = data;
            this.classes = data.dataset().labels().count();
            this.labels = new int[data.size()][];
            this.predictions = new int[data.size()][];
            this.losses = new double[data.size()];
        }

        void add(Batch batch, float[] logits) {
            boolean packed = logits.length == Math.multiplyExact(batch.tokens(), classes);
            if (!packed && logits.length != Math.multiplyExact(batch.inputIds().length, classes)) {
                throw new IllegalArgumentException(logits.length + " logits for " + batch.tokens() + " tokens in "
                        + batch.size() + " times " + batch.length() + ", of " + classes + " labels");
            }
            int token = 0;
            for (int i = 0; i < batch.size(); i++) {
                int row = batch.rows()[i];
                int first = packed ? token : i * batch.length();
                add(
                        row,
                        Arrays.copyOfRange(batch.labels(), i * batch.length(), (i + 1) * batch.length()),
                        logits,
                        first);
                token += data.encodings().get(row).length();
            }
        }

        private void add(int row, long[] targets, float[] logits, int first) {
            Encoding encoding = data.encodings().get(row);
            Target.WordLabels wanted =
                    (Target.WordLabels) data.dataset().examples().get(row).target();
            labels[row] = wanted.labels();
            predictions[row] = new int[wanted.labels().length];
            Arrays.fill(predictions[row], NONE);
            for (int token = 0; token < encoding.length(); token++) {
                int word = encoding.words()[token];
                float[] values = Arrays.copyOfRange(logits, (first + token) * classes, (first + token + 1) * classes);
                if (targets[token] != Targets.IGNORED) {
                    losses[row] += ClassPredictions.logSumExp(values) - values[(int) targets[token]];
                    labelledTokens++;
                }
                if (word != Encoding.NO_WORD && predictions[row][word] == NONE) {
                    predictions[row][word] = ClassPredictions.highest(values);
                }
            }
        }

        TokenPredictions predictions() {
            double sum = Arrays.stream(losses).sum();
            return new TokenPredictions(
                    data.dataset().labels().names(),
                    labels,
                    predictions,
                    labelledTokens == 0 ? 0 : sum / labelledTokens);
        }
    }
}

package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a model answered to the questions of a set, in the set's order.
 *
 * @param questions what it said to each
 * @param loss mean cross entropy of first and last tokens over the windows, in nats
 * @param mayBeNone whether it may say that there is no answer
 * @param threshold the highest null score with which an answer stands; no number to take that with the best F1
 */
public record AnswerPredictions(List<AnsweredQuestion> questions, double loss, boolean mayBeNone, double threshold)
        implements Predictions {
    /** Answers that are kept of each question, and first and last tokens that are tried in each window: run_qa's default. */
    public static final int N_BEST = 20;

    public AnswerPredictions {
        questions = List.copyOf(questions);
    }

    /**
     * How answers are chosen.
     *
     * @param maxLength tokens of the longest answer
     * @param mayBeNone whether there may be none
     * @param threshold as above
     */
    public record Choice(int maxLength, boolean mayBeNone, double threshold) {}

    /** Names of the outputs and targets that are read. */
    public record Names(String startLogits, String endLogits, String startPositions, String endPositions) {}

    /**
     * Asks a model about a whole set of {@link Target.Answers}.
     *
     * @param batches the set's windows; in any order, as each one's position comes with it
     * @param model gives a batch's outputs, {@code [size, length]}, or packed as {@code [tokens]} without those of padding
     */
    public static AnswerPredictions of(
            Batches batches, Names names, Choice choice, Function<Batch, Map<String, float[]>> model) {
        Collector collector = new Collector(batches.data(), names, choice);
        batches.epoch(0).forEach(batch -> collector.add(batch, model.apply(batch)));
        return collector.predictions();
    }

    @Override
    public int size() {
        return questions.size();
    }

    /** The answer to a question, by the threshold. */
    public AnswerSpan answer(int question) {
        return questions.get(question).answer(chosenThreshold());
    }

    /** The threshold that counts; no number where the model always answers. */
    public double chosenThreshold() {
        if (!mayBeNone) {
            return Double.NaN;
        }
        return Double.isNaN(threshold) ? best().f1().threshold() : threshold;
    }

    @Override
    public AnswerMetrics metrics() {
        if (!mayBeNone) {
            return new AnswerMetrics(loss, score(question -> true, Double.NaN));
        }
        AnswerMetrics.Best best = best();
        double chosen = Double.isNaN(threshold) ? best.f1().threshold() : threshold;
        IntPredicate answerable = question -> !questions.get(question).right().isEmpty();
        return new AnswerMetrics(
                loss,
                score(question -> true, chosen),
                score(answerable, chosen),
                score(answerable.negate(), chosen),
                best,
                chosen);
    }

    private AnswerScore score(IntPredicate which, double chosen) {
        int[] rows = IntStream.range(0, size()).filter(which).toArray();
        return new AnswerScore(
                rows.length,
                mean(rows, row -> scored(row, chosen, AnswerText::exact)),
                mean(rows, row -> scored(row, chosen, AnswerText::f1)));
    }

    /** An answer that was taken back is right where there is none. */
    private static double scored(AnsweredQuestion question, double chosen, Score score) {
        if (question.nullScore() > chosen) {
            return question.right().isEmpty() ? 1 : 0;
        }
        return score.of(question.right(), question.best().text());
    }

    private double mean(int[] rows, ToDoubleFunction<AnsweredQuestion> score) {
        return Arrays.stream(rows)
                .mapToDouble(row -> score.applyAsDouble(questions.get(row)))
                .average()
                .orElse(0);
    }

    private AnswerMetrics.Best best() {
        return new AnswerMetrics.Best(best(AnswerText::exact), best(AnswerText::f1));
    }

    private interface Score {
        double of(List<String> right, String answer);
    }

    /** No answers at all are what a threshold below every null score gives. */
    private AnswerThreshold best(Score score) {
        double[] scores = new double[size()];
        double[] nullScores = new double[size()];
        boolean[] answered = new boolean[size()];
        boolean[] answerable = new boolean[size()];
        for (int i = 0; i < scores.length; i++) {
            AnsweredQuestion question = questions.get(i);
            String answer = question.best().text();
            scores[i] = score.of(question.right(), answer);
            nullScores[i] = question.nullScore();
            answered[i] = !answer.isEmpty();
            answerable[i] = !question.right().isEmpty();
        }
        double lowest = Arrays.stream(nullScores).min().orElse(0);
        return AnswerThreshold.best(scores, answered, answerable, nullScores, lowest - 1);
    }

    /** Takes apart what a model says of windows. */
    private static final class Collector {
        private final EncodedDataset data;
        private final Names names;
        private final Choice choice;
        private final List<List<AnswerSpan>> windows;
        /** Of no answer, {@code [windows]}. */
        private final AnswerSpan[] none;
        /** Summed in the set's order at the end, so that the mean does not hang on how windows were batched. */
        private final double[] losses;

        Collector(EncodedDataset data, Names names, Choice choice) {
            this.data = data;
            this.names = names;
            this.choice = choice;
            this.windows = new ArrayList<>(Collections.nCopies(data.size(), null));
            this.none = new AnswerSpan[data.size()];
            this.losses = new double[data.size()];
        }

        void add(Batch batch, Map<String, float[]> outputs) {
            float[] starts = outputs.get(names.startLogits());
            float[] ends = outputs.get(names.endLogits());
            boolean packed = starts.length == batch.tokens();
            int stride = starts.length / batch.size();
            if (ends.length != starts.length
                    || (!packed && (stride < batch.length() || stride * batch.size() != starts.length))) {
                throw new IllegalArgumentException(starts.length + " and " + ends.length + " logits for "
                        + batch.tokens() + " tokens in " + batch.size() + " times " + batch.length());
            }
            int token = 0;
            for (int i = 0; i < batch.size(); i++) {
                int row = batch.rows()[i];
                int length = data.encodings().get(row).length();
                int first = packed ? token : i * stride;
                add(
                        row,
                        Arrays.copyOfRange(starts, first, first + length),
                        Arrays.copyOfRange(ends, first, first + length));
                losses[row] = (loss(starts, first, length, batch.longs(names.startPositions())[i])
                                + loss(ends, first, length, batch.longs(names.endPositions())[i]))
                        / 2;
                token += length;
            }
        }

        private static double loss(float[] logits, int first, int length, long right) {
            float[] own = Arrays.copyOfRange(logits, first, first + length);
            return ClassPredictions.logSumExp(own) - own[(int) right];
        }

        private void add(int row, float[] starts, float[] ends) {
            Encoding encoding = data.encodings().get(row);
            String context = data.example(row).pair();
            List<Pair> pairs = new ArrayList<>();
            for (int start : likeliest(starts)) {
                for (int end : likeliest(ends)) {
                    if (encoding.isOfSecond(start)
                            && encoding.isOfSecond(end)
                            && end >= start
                            && end - start < choice.maxLength()) {
                        pairs.add(new Pair(start, end, starts[start], ends[end]));
                    }
                }
            }
            windows.set(
                    row,
                    pairs.stream()
                            .sorted(Comparator.comparingDouble(pair -> -pair.score()))
                            .limit(N_BEST)
                            .map(pair -> pair.span(context, encoding.spans()))
                            .toList());
            none[row] = new AnswerSpan("", 0, 0, starts[0], ends[0], 0);
        }

        /** First and last token of what may be an answer, as long as it is not known whether it is kept. */
        private record Pair(int first, int last, float startLogit, float endLogit) {
            float score() {
                return startLogit + endLogit;
            }

            AnswerSpan span(String context, int[] spans) {
                int start = spans[2 * first];
                int end = spans[2 * last + 1];
                String text =
                        context.substring(context.offsetByCodePoints(0, start), context.offsetByCodePoints(0, end));
                return new AnswerSpan(text, start, end, startLogit, endLogit, 0);
            }
        }

        /** Places of the highest numbers, the highest first. */
        private static int[] likeliest(float[] logits) {
            return IntStream.range(0, logits.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(token -> -logits[token]))
                    .limit(N_BEST)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        private static List<AnswerSpan> best(List<AnswerSpan> spans) {
            return spans.stream()
                    .sorted(Comparator.comparingDouble(span -> -span.score()))
                    .limit(N_BEST)
                    .toList();
        }

        AnswerPredictions predictions() {
            List<AnsweredQuestion> questions = new ArrayList<>();
            int row = 0;
            for (int example = 0; example < data.dataset().size(); example++) {
                int begin = row;
                while (row < data.size() && data.examples()[row] == example) {
                    row++;
                }
                questions.add(question(example, begin, row));
            }
            return new AnswerPredictions(
                    questions, Arrays.stream(losses).average().orElse(0), choice.mayBeNone(), choice.threshold());
        }

        /** The likeliest answers of all its windows; that there is none counts by the window that says so least. */
        private AnsweredQuestion question(int example, int begin, int end) {
            List<AnswerSpan> all = new ArrayList<>();
            windows.subList(begin, end).forEach(all::addAll);
            List<AnswerSpan> kept = best(all);
            Target.Answers target =
                    (Target.Answers) data.dataset().examples().get(example).target();
            List<String> right =
                    target.answers().stream().map(Target.Answer::text).toList();
            if (!choice.mayBeNone()) {
                return new AnsweredQuestion(right, probable(kept), 0);
            }
            AnswerSpan nothing = Arrays.stream(none, begin, end)
                    .min(Comparator.comparingDouble(AnswerSpan::score))
                    .orElseThrow();
            double bestScore = kept.stream()
                    .filter(span -> !span.isNone())
                    .mapToDouble(AnswerSpan::score)
                    .findFirst()
                    .orElse(Double.NEGATIVE_INFINITY);
            List<AnswerSpan> with = new ArrayList<>(kept);
            with.add(nothing);
            List<AnswerSpan> sorted = new ArrayList<>(best(with));
            if (!sorted.contains(nothing)) {
                sorted.add(nothing);
            }
            double nullScore = Double.isInfinite(bestScore) ? Float.MAX_VALUE : nothing.score() - bestScore;
            return new AnsweredQuestion(right, probable(sorted), nullScore);
        }

        private static List<AnswerSpan> probable(List<AnswerSpan> spans) {
            float[] scores = new float[spans.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = spans.get(i).score();
            }
            double sum = ClassPredictions.logSumExp(scores);
            return spans.stream()
                    .map(span -> new AnswerSpan(
                            span.text(),
                            span.start(),
                            span.end(),
                            span.startLogit(),
                            span.endLogit(),
                            Math.exp(span.score() - sum)))
                    .toList();
        }
    }
}

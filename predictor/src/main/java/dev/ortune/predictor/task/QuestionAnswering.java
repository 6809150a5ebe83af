package dev.ortune.predictor.task;

import dev.ortune.predictor.SpanAnswer;
import dev.ortune.predictor.SpanAnswers;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.Spans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The parts of a context that answer a question, of a long context from several windows, put together as transformers' {@code
 * QuestionAnsweringPipeline} does it.
 *
 * @param mayBeNone whether the model learnt that there may be no answer
 * @param nullThreshold the highest null score with which an answer stands; 0 where nothing is said
 */
public record QuestionAnswering(boolean mayBeNone, double nullThreshold) implements Task {
    static final String START = "start_logits";
    static final String END = "end_logits";

    /** Far below any logit: its share is nothing. */
    private static final double MASKED = -10000;

    /**
     * How answers are chosen.
     *
     * @param topK how many are given at most
     * @param maxAnswerLength tokens of the longest
     * @param none whether there may be none; null to leave that to the model and its threshold
     * @param alignToWords whether an answer is made of whole words
     */
    public record Choice(int topK, int maxAnswerLength, Boolean none, boolean alignToWords) {
        /** As transformers' pipeline does it where nobody says otherwise. */
        public static final Choice USUAL = new Choice(1, 15, null, true);

        /** With another number of answers. */
        public Choice withTopK(int count) {
            return new Choice(count, maxAnswerLength, none, alignToWords);
        }
    }

    @Override
    public String pipelineTag() {
        return "question-answering";
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<String> outputs() {
        return List.of(START, END);
    }

    @Override
    public OutputShape output() {
        return OutputShape.PLACE;
    }

    @Override
    public boolean namesTokens() {
        return false;
    }

    @Override
    public SpanAnswers answer(Prediction prediction) {
        throw new UnsupportedOperationException("an answer is a part of a context, which several windows may hold");
    }

    /**
     * Answers a question.
     *
     * @param context of all its windows
     * @param windows what the graph gives of each
     */
    public SpanAnswers answer(String context, List<Prediction> windows, Choice choice) {
        int[] points = context.codePoints().toArray();
        boolean none = choice.none() == null ? mayBeNone : choice.none();
        List<SpanAnswer> answers = new ArrayList<>();
        double leastNone = Double.POSITIVE_INFINITY;
        for (Prediction window : windows) {
            Shares shares = Shares.of(window);
            leastNone = Math.min(leastNone, shares.start[0] * shares.end[0]);
            for (Pair pair : shares.likeliest(choice)) {
                add(answers, pair, window.text().spans(), points, choice.alignToWords());
            }
        }
        answers.sort(Comparator.comparingDouble(answer -> -answer.score()));
        if (none) {
            SpanAnswer nothing = new SpanAnswer(leastNone, 0, 0, "");
            answers.add(place(answers, nothing, windows, choice), nothing);
        }
        return new SpanAnswers(answers.subList(0, Math.min(choice.topK(), answers.size())));
    }

    /** Where no answer stands among the others: by its score, or where the model is to say it by its threshold. */
    private int place(List<SpanAnswer> answers, SpanAnswer nothing, List<Prediction> windows, Choice choice) {
        int byScore = (int)
                answers.stream().filter(each -> each.score() >= nothing.score()).count();
        if (choice.none() != null) {
            return byScore;
        }
        return nullScore(windows, choice) > nullThreshold ? 0 : Math.max(Math.min(1, answers.size()), byScore);
    }

    /** How much more speaks for no answer than for the best one, in the window where it is least. */
    private static double nullScore(List<Prediction> windows, Choice choice) {
        double none = Double.POSITIVE_INFINITY;
        double best = Double.NEGATIVE_INFINITY;
        for (Prediction window : windows) {
            float[] logits = window.logits();
            int tokens = window.tokens();
            none = Math.min(none, (double) logits[0] + logits[tokens]);
            Spans spans = window.text().spans();
            for (int first = 0; first < tokens; first++) {
                int stop = first + Math.min(tokens - first, choice.maxAnswerLength());
                for (int last = first; last < stop; last++) {
                    if (spans.isOfContext(first) && spans.isOfContext(last)) {
                        best = Math.max(best, (double) logits[first] + logits[tokens + last]);
                    }
                }
            }
        }
        return none - best;
    }

    /** Answers of the same words are one, whose scores add up. */
    private static void add(List<SpanAnswer> answers, Pair pair, Spans spans, int[] context, boolean words) {
        int start = words ? spans.wordStarts()[pair.first] : spans.starts()[pair.first];
        int end = words ? spans.wordEnds()[pair.last] : spans.ends()[pair.last];
        String text = new String(context, start, Math.max(0, end - start));
        for (int i = 0; i < answers.size(); i++) {
            SpanAnswer other = answers.get(i);
            if (other.answer().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                answers.set(i, new SpanAnswer(other.score() + pair.score, other.start(), other.end(), other.answer()));
                return;
            }
        }
        answers.add(new SpanAnswer(pair.score, start, end, text));
    }

    /** First and last token of what may be an answer. */
    private record Pair(int first, int last, double score) {}

    /**
     * A window's tokens as an answer's first and last: softmax over those of the context and the first, which stands for none.
     *
     * @param start of each token, {@code [tokens]}
     * @param end of each token, {@code [tokens]}
     */
    private record Shares(double[] start, double[] end, Spans spans) {
        static Shares of(Prediction window) {
            int tokens = window.tokens();
            Spans spans = window.text().spans();
            float[] logits = window.logits();
            return new Shares(shares(logits, 0, tokens, spans), shares(logits, tokens, tokens, spans), spans);
        }

        private static double[] shares(float[] logits, int offset, int tokens, Spans spans) {
            double[] masked = new double[tokens];
            double largest = Double.NEGATIVE_INFINITY;
            for (int token = 0; token < tokens; token++) {
                masked[token] = token == 0 || spans.isOfContext(token) ? logits[offset + token] : MASKED;
                largest = Math.max(largest, masked[token]);
            }
            double sum = 0;
            for (int token = 0; token < tokens; token++) {
                masked[token] = Math.exp(masked[token] - largest);
                sum += masked[token];
            }
            for (int token = 0; token < tokens; token++) {
                masked[token] /= sum;
            }
            return masked;
        }

        /** The likeliest pairs; some more than are wanted, as several may be the same words. */
        List<Pair> likeliest(Choice choice) {
            List<Pair> pairs = new ArrayList<>();
            for (int first = 1; first < start.length; first++) {
                int stop = first + Math.min(start.length - first, choice.maxAnswerLength());
                for (int last = first; last < stop; last++) {
                    if (spans.isOfContext(first) && spans.isOfContext(last)) {
                        pairs.add(new Pair(first, last, start[first] * end[last]));
                    }
                }
            }
            return pairs.stream()
                    .sorted(Comparator.comparingDouble(pair -> -pair.score))
                    .limit(choice.alignToWords() ? 2L * choice.topK() + 10 : choice.topK())
                    .toList();
        }
    }
}

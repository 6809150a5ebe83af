package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.run.AskedQuestion;
import dev.ortune.trainer.report.run.AskedQuestion.Span;
import dev.ortune.trainer.report.statistics.AnswerScores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A question with the parts of its context that are the right answer and the model's.
 *
 * @param question its words
 * @param f1 of the answer
 * @param answer the model's words, or that it gave none
 * @param parts of the context around both, in order
 */
record MarkedAnswer(String question, String f1, String answer, List<Part> parts) {
    private static final int LENGTH = 25;

    /** Characters that are shown around an answer. */
    private static final int AROUND = 120;

    /**
     * Characters in a row.
     *
     * @param text the characters
     * @param right whether they are of the right answer
     * @param predicted whether they are of the model's
     */
    record Part(String text, boolean right, boolean predicted) {}

    /** The worst answers of a set. */
    record Page(String note, List<MarkedAnswer> rows) {}

    /** Those with the lowest F1, and of these those whose context has an answer. */
    static Page worst(AnswerHoldout holdout, AnswerScores scores) {
        List<MarkedAnswer> rows = IntStream.range(0, holdout.size())
                .boxed()
                .filter(row -> scores.f1()[row] < 1)
                .sorted(Comparator.comparingDouble(row -> scores.f1()[row]))
                .limit(LENGTH)
                .map(row -> of(holdout.questions().get(row), scores.f1()[row]))
                .toList();
        String set = " of the " + holdout.role() + " set";
        return new Page(
                rows.isEmpty()
                        ? "No answer" + set + " has anything wrong."
                        : "Answers" + set + " with the lowest F1: the right one is marked, the model's is underlined.",
                rows);
    }

    private static MarkedAnswer of(AskedQuestion question, double f1) {
        Span right = question.isAnswerable() ? question.right().get(0) : new Span("", 0, 0);
        Span answer = question.answer();
        return new MarkedAnswer(
                question.question(),
                Format.score(f1),
                answer.text().isEmpty() ? "no answer" : answer.text(),
                parts(question.context().codePoints().toArray(), right, answer));
    }

    private static List<Part> parts(int[] context, Span right, Span answer) {
        List<Part> parts = new ArrayList<>();
        int begin = 0;
        for (int place = 1; place <= context.length; place++) {
            if (place == context.length || kind(place, right, answer) != kind(begin, right, answer)) {
                int kind = kind(begin, right, answer);
                if (kind != 0) {
                    parts.add(new Part(new String(context, begin, place - begin), (kind & 1) != 0, (kind & 2) != 0));
                } else {
                    parts.add(new Part(
                            shortened(context, begin, place, begin > 0, place < context.length), false, false));
                }
                begin = place;
            }
        }
        return parts;
    }

    private static int kind(int place, Span right, Span answer) {
        return (holds(right, place) ? 1 : 0) + (holds(answer, place) ? 2 : 0);
    }

    private static boolean holds(Span span, int place) {
        return place >= span.start() && place < span.end();
    }

    /** What stands between answers, with its middle or its far end left out where it is long. */
    private static String shortened(int[] context, int begin, int end, boolean after, boolean before) {
        int kept = (after ? AROUND : 0) + (before ? AROUND : 0);
        if (end - begin <= Math.max(kept, AROUND)) {
            return new String(context, begin, end - begin);
        }
        String head = after || !before ? new String(context, begin, AROUND) : "";
        String tail = before ? new String(context, end - AROUND, AROUND) : "";
        return head + " … " + tail;
    }
}

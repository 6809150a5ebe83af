package dev.ortune.trainer.report;

import java.util.List;

/**
 * What a model said to a question.
 *
 * @param right the right answers; none where the context has none
 * @param candidates the likeliest answers, the best first; that there is none may be among them
 * @param nullScore how much more speaks for no answer than for the best one: the difference of their scores
 */
public record AnsweredQuestion(List<String> right, List<AnswerSpan> candidates, double nullScore) {
    private static final AnswerSpan NONE = new AnswerSpan("", 0, 0, 0, 0, 0);

    public AnsweredQuestion {
        right = List.copyOf(right);
        candidates = List.copyOf(candidates);
    }

    /** The likeliest answer that says something; an empty one where there is no such. */
    public AnswerSpan best() {
        return candidates.stream()
                .filter(candidate -> !candidate.isNone())
                .findFirst()
                .orElse(NONE);
    }

    /**
     * The answer.
     *
     * @param threshold the highest null score with which there is one; no number where there always is
     */
    public AnswerSpan answer(double threshold) {
        return nullScore > threshold ? NONE : best();
    }
}

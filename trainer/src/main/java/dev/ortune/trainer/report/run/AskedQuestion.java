package dev.ortune.trainer.report.run;

import java.util.List;

/**
 * A question that the model was not trained on, and what it answered.
 *
 * @param question its words
 * @param context in which the answer is to be
 * @param right the right answers; none where the context has none
 * @param answer the model's; of no length where it says that there is none
 */
public record AskedQuestion(String question, String context, List<Span> right, Span answer) {
    public AskedQuestion {
        right = List.copyOf(right);
    }

    /**
     * A part of the context.
     *
     * @param text its words
     * @param start its first character, in code points from 0
     * @param end the place after its last
     */
    public record Span(String text, int start, int end) {}

    /** The words of the right answers. */
    public List<String> rightTexts() {
        return right.stream().map(Span::text).toList();
    }

    /** Whether the context has an answer. */
    public boolean isAnswerable() {
        return !right.isEmpty();
    }
}

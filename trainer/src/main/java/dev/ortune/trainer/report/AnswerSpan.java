package dev.ortune.trainer.report;

/**
 * A part of a context as an answer, or none.
 *
 * @param text its words; empty for none
 * @param start its first character, in code points from 0; 0 for none
 * @param end the place after its last; 0 for none
 * @param startLogit how much speaks for its first token
 * @param endLogit how much speaks for its last token
 * @param probability among the answers that it was kept with
 */
public record AnswerSpan(String text, int start, int end, float startLogit, float endLogit, double probability) {
    /** The sum of its two logits. */
    public float score() {
        return startLogit + endLogit;
    }

    /** Whether it stands for no answer. */
    public boolean isNone() {
        return text.isEmpty();
    }
}

package dev.ortune.exporter.verify;

/** What of a model's numbers is its verdict, by which two models are the same or not. */
public enum Verdict {
    /** The place of the largest number: a text's label, a token's, the token at which an answer begins. */
    LARGEST,
    /** Of each label whether it is given: whether its logit is above that of its threshold. */
    EACH_LABEL,
    /** The numbers themselves, and so no verdict that could be the same or not. */
    NUMBER;

    /** The place of the largest; the first of equals. */
    static int largest(float[] values) {
        int place = 0;
        for (int i = 1; i < values.length; i++) {
            place = values[i] > values[place] ? i : place;
        }
        return place;
    }
}

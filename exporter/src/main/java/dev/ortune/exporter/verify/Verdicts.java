package dev.ortune.exporter.verify;

import java.util.Arrays;

/**
 * The labels that a model gives to texts, by id.
 *
 * @param ids {@code [texts]}
 * @param classes how many labels there are
 */
record Verdicts(int[] ids, int classes) {
    /** The label, or the choice, with the highest of {@code [texts][labels]} logits; the first of equals. */
    static Verdicts of(float[][] logits) {
        int[] ids = Arrays.stream(logits).mapToInt(Verdict::largest).toArray();
        int classes = Arrays.stream(logits).mapToInt(row -> row.length).max().orElse(0);
        return new Verdicts(ids, classes);
    }

    /** Share of texts with the same label, in [0, 1]. */
    double agreement(int[] others) {
        int equal = 0;
        for (int text = 0; text < ids.length; text++) {
            equal += ids[text] == others[text] ? 1 : 0;
        }
        return (double) equal / ids.length;
    }

    /**
     * Matthews' correlation coefficient with the right labels, for any number of classes (Gorodkin 2004,
     * doi:10.1016/j.compbiolchem.2004.09.006); 0 where one side has one label only.
     */
    double mcc(int[] right) {
        double[] predicted = new double[classes];
        double[] actual = new double[classes];
        double correct = 0;
        for (int text = 0; text < ids.length; text++) {
            predicted[ids[text]]++;
            actual[right[text]]++;
            correct += ids[text] == right[text] ? 1 : 0;
        }
        double n = ids.length;
        double both = dot(predicted, actual);
        double spread = Math.sqrt(n * n - dot(predicted, predicted)) * Math.sqrt(n * n - dot(actual, actual));
        return spread == 0 ? 0 : (correct * n - both) / spread;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

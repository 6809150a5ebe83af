package dev.ortune.exporter.verify;

import dev.ortune.exporter.verify.Agreement.Unit;

/** Counts, output by output, how far two models say the same. */
final class AgreementCount {
    private final Verdict verdict;
    private final float[] leastLogits;
    private Unit unit;
    private long count;
    private long equal;
    private double sum;
    private double squares;
    private double errors;

    /** @param leastLogits above which each label is given, {@code [labels]}; none for 0 */
    AgreementCount(Verdict verdict, float[] leastLogits) {
        this.verdict = verdict;
        this.leastLogits = leastLogits;
        this.unit = switch (verdict) {
            case LARGEST -> Unit.TEXTS;
            case EACH_LABEL -> Unit.LABELS;
            case NUMBER -> Unit.NUMBERS;
        };
    }

    void add(ModelOutput expected, ModelOutput actual) {
        unit = unit == Unit.TEXTS && expected.ofTokens() ? Unit.TOKENS : unit;
        for (int text = 0; text < expected.texts().length; text++) {
            for (int row = 0; row < expected.texts()[text].length; row++) {
                add(expected.texts()[text][row], actual.texts()[text][row]);
            }
        }
    }

    private void add(float[] expected, float[] actual) {
        if (verdict == Verdict.LARGEST) {
            count++;
            equal += Verdict.largest(expected) == Verdict.largest(actual) ? 1 : 0;
            return;
        }
        for (int i = 0; i < expected.length; i++) {
            count++;
            float least = i < leastLogits.length ? leastLogits[i] : 0;
            equal += expected[i] > least == actual[i] > least ? 1 : 0;
            sum += expected[i];
            squares += (double) expected[i] * expected[i];
            errors += Math.pow((double) expected[i] - actual[i], 2);
        }
    }

    Agreement agreement() {
        double share = verdict == Verdict.NUMBER ? explained() : (double) equal / Math.max(1, count);
        return new Agreement(unit, count, share);
    }

    /** 1 - sum of squared differences / sum of squared deviations from the mean; numbers without spread must be equal. */
    private double explained() {
        double spread = squares - sum * sum / Math.max(1, count);
        double share = spread > 0 ? 1 - errors / spread : errors == 0 ? 1 : 0;
        return Double.isNaN(share) ? Double.NEGATIVE_INFINITY : share;
    }
}

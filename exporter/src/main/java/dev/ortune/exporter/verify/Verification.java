package dev.ortune.exporter.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * How an exported file compares with what it was made from.
 *
 * @param texts what both were run on
 * @param logitDifference the largest of all numbers of all outputs
 * @param probabilityDifference the largest of all probabilities, or null where the outputs are no logits
 * @param agreement how far both say the same
 * @param accuracy with the right labels, or null without any
 * @param mcc likewise
 * @param failure what is wrong with it in one sentence, or null
 */
public record Verification(
        Texts texts,
        double logitDifference,
        Double probabilityDifference,
        Agreement agreement,
        BeforeAfter accuracy,
        BeforeAfter mcc,
        String failure) {
    /**
     * Texts that both were run on.
     *
     * @param data where they are from, for people
     * @param sentences how many
     */
    public record Texts(String data, int sentences) {}

    /**
     * A figure of the two.
     *
     * @param source of graph.onnx with model.safetensors
     * @param exported of the exported file
     */
    public record BeforeAfter(double source, double exported) {
        private ObjectNode json() {
            return new ObjectMapper().createObjectNode().put("source", source).put("exported", exported);
        }
    }

    public boolean passed() {
        return failure == null;
    }

    /** The same figures, judged. */
    public Verification judgedBy(Tolerance tolerance) {
        return new Verification(
                texts, logitDifference, probabilityDifference, agreement, accuracy, mcc, tolerance.failure(this));
    }

    /** As export.json has it. */
    public ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("passed", passed());
        if (!passed()) {
            json.put("failure", failure);
        }
        json.put("data", texts.data()).put("sentences", texts.sentences());
        json.put("max_logit_difference", logitDifference);
        if (probabilityDifference != null) {
            json.put("max_probability_difference", probabilityDifference);
        }
        agreement.write(json);
        if (accuracy != null) {
            json.set("accuracy", accuracy.json());
            json.set("mcc", mcc.json());
        }
        return json;
    }

    /** How far a file may be off. */
    @FunctionalInterface
    public interface Tolerance {
        /** A model below this MCC has next to none to lose; only its verdicts tell whether a file is like it. */
        double TELLING_MCC = 0.1;

        /** What is too far off in one sentence, or null. */
        String failure(Verification figures);

        /** Every logit within {@code largest}. */
        static Tolerance logits(double largest) {
            return figures -> figures.logitDifference <= largest
                    ? null
                    : String.format(
                            Locale.ROOT,
                            "its logits differ by up to %.2g, more than %.2g",
                            figures.logitDifference,
                            largest);
        }

        /**
         * So many verdicts the same, or so much of the numbers' variance; or, with labels, the MCC hardly lower. And every
         * logit a number.
         */
        static Tolerance verdicts(double share, double mccLoss) {
            return figures -> {
                if (Double.isInfinite(figures.logitDifference)) {
                    return "some of its logits are no numbers";
                }
                boolean kept = figures.mcc != null
                        && figures.mcc.source >= TELLING_MCC
                        && figures.mcc.source - figures.mcc.exported <= mccLoss;
                if (kept || figures.agreement.share() >= share) {
                    return null;
                }
                String loss = figures.mcc == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", and the MCC %s from %.4f to %.4f",
                                figures.mcc.exported < figures.mcc.source ? "falls" : "rises",
                                figures.mcc.source,
                                figures.mcc.exported);
                return figures.agreement.failure(share) + loss;
            };
        }
    }
}

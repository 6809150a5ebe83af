package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.SessionWeight;
import java.util.Locale;

/**
 * The update of the weights.
 *
 * @param kind AdamW as PyTorch defines it (Loshchilov and Hutter 2019, arXiv:1711.05101), or BERT's own, which leaves out
 *     the correction of the moments' bias
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay share of a weight, times the learning rate, taken away at each step; biases and LayerNorms are spared
 * @param maxGradNorm gradients of greater global norm are scaled down to it; 0 leaves them as they are
 */
public record Optimizer(Kind kind, double beta1, double beta2, double epsilon, double weightDecay, double maxGradNorm) {
    /**
     * Which of the two updates. ONNX Runtime has one AdamW with one weight decay for all parameters, so in either case
     * the training graph multiplies one of the two groups by a factor beforehand.
     */
    public enum Kind {
        /**
         * The operator decays every weight by {@code 1 - lr*wd} before its update; biases and LayerNorms, the small group,
         * are divided by that factor first.
         */
        ADAMW,
        /**
         * The operator without bias correction can decay only after the update, which is not BERT's order: it gets no
         * decay, and the decayed group is multiplied by {@code 1 - lr*wd} first.
         */
        BERT_ADAM;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Optimizer {
        check(beta1 >= 0 && beta1 < 1, "adam-beta1", beta1);
        check(beta2 >= 0 && beta2 < 1, "adam-beta2", beta2);
        check(epsilon > 0 && epsilon < 1, "adam-epsilon", epsilon);
        check(weightDecay >= 0 && weightDecay < 1, "weight-decay", weightDecay);
        check(maxGradNorm >= 0 && maxGradNorm < Double.POSITIVE_INFINITY, "max-grad-norm", maxGradNorm);
    }

    /**
     * The share s with which the training graph multiplies a weight by {@code 1 + s} times {@link #preScale} before an update:
     * so that of one that learns r times as fast the decay is r times as much, as it is in a parameter group of PyTorch's.
     *
     * @return of a shape that fits the weight; null for 0
     */
    Value preScaleShare(SessionWeight weight, Ops ops) {
        boolean once = weight.rate() == null;
        if (kind == Kind.BERT_ADAM) {
            return !weight.decays() ? null : once ? ops.scalar(1f) : weight.rate();
        }
        if (!weight.decays()) {
            return ops.scalar(1f);
        }
        // (1 + (1 - r) lr wd / (1 - lr wd)) (1 - lr wd) = 1 - r lr wd
        return once ? null : ops.sub(ops.scalar(1f), weight.rate());
    }

    /** What to feed the training graph before an update with that learning rate. */
    public double preScale(double learningRate) {
        double decay = learningRate * weightDecay;
        return kind == Kind.BERT_ADAM ? -decay : decay / (1 - decay);
    }

    private static void check(boolean good, String option, double value) {
        if (!good) {
            throw new OrtuneException(option + " is out of range: " + value);
        }
    }
}

package dev.ortune.trainer.task.head;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import java.util.Arrays;

/**
 * Cross entropy with optional class weights and label smoothing, as PyTorch's {@code CrossEntropyLoss} defines it: with
 * weights {@code w}, smoothing {@code s} over {@code C} classes and log-probabilities {@code p}, the mean over the batch
 * is
 *
 * <pre>sum_i [(1 - s) w[y_i] (-p_i[y_i]) + s/C sum_c w[c] (-p_i[c])] / sum_i w[y_i]</pre>
 *
 * that is, one row {@code Q[y]} of constants an example, multiplied with its log-probabilities.
 *
 * @param labelSmoothing in [0, 1)
 * @param classWeights one positive weight a label, or null for equal weights
 */
public record CrossEntropy(double labelSmoothing, float[] classWeights) implements SequenceLoss {
    /** The plain mean cross entropy. */
    public static final CrossEntropy PLAIN = new CrossEntropy(0, null);

    private static final long NONE = -1;

    public CrossEntropy {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new OrtuneException("label smoothing must be in [0, 1), not " + labelSmoothing);
        }
        for (float weight : classWeights == null ? new float[0] : classWeights) {
            if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new OrtuneException("class weights must be positive, not " + weight);
            }
        }
    }

    @Override
    public String problemType() {
        return "single_label_classification";
    }

    @Override
    public Value of(Value logits, Form form) {
        return of(logits, form.target("labels"), form.ops().in("loss"));
    }

    /**
     * Adds the loss to a graph.
     *
     * @param logits {@code [batch, labels]}
     * @param labels the right label of each example, int64 {@code [batch]}
     * @return a scalar
     */
    public Value of(Value logits, Value labels, Ops ops) {
        float[] weights = weights(logits);
        int count = weights.length;
        Value targets = ops.constant(Constant.floats(targets(weights), count, count));
        Value weight = ops.constant(Constant.floats(weights, count));
        Value products = ops.mul(ops.logSoftmax(logits), ops.gather(targets, labels, 0));
        Value total = ops.reduceSum(products, false, 0, 1);
        Value normaliser = ops.reduceSum(ops.gather(weight, labels, 0), false, 0);
        return ops.neg(ops.div(total, normaliser));
    }

    /**
     * The same over those rows that have a label. Where none has, the loss is 0: a batch may hold texts without a single
     * word.
     *
     * @param logits {@code [rows, labels]}
     * @param labels int64 {@code [rows]}; below 0 for none
     * @return a scalar
     */
    public Value ofLabelled(Value logits, Value labels, Ops ops) {
        float[] weights = weights(logits);
        int count = weights.length;
        // Index -1 is the last row: a row of zeros, which takes part in nothing.
        Value rows = ops.max(labels, ops.vector(NONE));
        Value targets =
                ops.constant(Constant.floats(Arrays.copyOf(targets(weights), (count + 1) * count), count + 1, count));
        Value weight = ops.constant(Constant.floats(Arrays.copyOf(weights, count + 1), count + 1));
        Value products = ops.mul(ops.logSoftmax(logits), ops.gather(targets, rows, 0));
        Value total = ops.reduceSum(products, false, 0, 1);
        Value normaliser = ops.reduceSum(ops.gather(weight, rows, 0), false, 0);
        return ops.neg(ops.div(total, ops.max(normaliser, ops.scalar(Float.MIN_NORMAL))));
    }

    /**
     * What a batch's mean is divided by: the sum of its labels' weights.
     *
     * @param labels of examples or tokens; below 0 for none
     */
    public double weight(long[] labels) {
        return Arrays.stream(labels)
                .filter(label -> label >= 0)
                .mapToDouble(label -> classWeights == null ? 1 : classWeights[(int) label])
                .sum();
    }

    private float[] weights(Value logits) {
        int count = (int) logits.shape().dim(1).size();
        if (classWeights != null && classWeights.length != count) {
            throw new OrtuneException(classWeights.length + " class weights for " + count + " labels");
        }
        return classWeights == null ? ones(count) : classWeights;
    }

    /** {@code Q}, row-major: what each true label expects of each class. */
    private float[] targets(float[] weights) {
        int count = weights.length;
        float[] result = new float[count * count];
        for (int label = 0; label < count; label++) {
            for (int other = 0; other < count; other++) {
                double share = labelSmoothing / count + (label == other ? 1 - labelSmoothing : 0);
                result[label * count + other] = (float) (share * weights[other]);
            }
        }
        return result;
    }

    private static float[] ones(int count) {
        float[] result = new float[count];
        Arrays.fill(result, 1);
        return result;
    }
}

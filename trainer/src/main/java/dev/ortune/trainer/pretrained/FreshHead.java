package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.encoder.BertConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Weights that are complete for a classifier, and what of them no file held.
 *
 * @param weights every tensor of {@link BertTensors#expected}, in that order
 * @param initialised names of the tensors that were made up: weights from normal(0, initializer_range), biases zero
 * @param replacedLabels classes of the file's own head that was put aside, since another number was asked for; 0 if none
 */
public record FreshHead(Weights weights, List<String> initialised, int replacedLabels) {
    public FreshHead {
        initialised = List.copyOf(initialised);
    }

    static FreshHead of(PretrainedModel model, int labels, long seed) {
        BertConfig config = model.config();
        int present = model.labels();
        List<Tensor> tensors = new ArrayList<>();
        List<String> initialised = new ArrayList<>();
        for (TensorSpec spec : BertTensors.expected(config, labels)) {
            boolean otherHead = spec.name().startsWith("classifier.") && present != labels;
            if (model.weights().contains(spec.name()) && !otherHead) {
                tensors.add(model.weights().get(spec.name()));
            } else {
                tensors.add(fresh(spec, config.initializerRange(), seed));
                initialised.add(spec.name());
            }
        }
        Weights weights = new Weights(model.weights().origin(), tensors);
        return new FreshHead(weights, initialised, present == labels ? 0 : present);
    }

    private static Tensor fresh(TensorSpec spec, double deviation, long seed) {
        FloatBuffer data = Float32.direct(spec.elements());
        if (!spec.name().endsWith(".bias")) {
            Normal normal = new Normal(seed * 31 + spec.name().hashCode());
            for (int i = 0; i < data.capacity(); i++) {
                data.put(i, (float) (normal.next() * deviation));
            }
        }
        return new Tensor(spec.name(), spec.shape(), data);
    }

    /** Marsaglia's polar method, spelt out so that a seed means the same on every JDK. */
    private static final class Normal {
        private final SplittableRandom random;
        private double spare = Double.NaN;

        Normal(long seed) {
            random = new SplittableRandom(seed);
        }

        double next() {
            if (!Double.isNaN(spare)) {
                double value = spare;
                spare = Double.NaN;
                return value;
            }
            while (true) {
                double u = 2 * random.nextDouble() - 1;
                double v = 2 * random.nextDouble() - 1;
                double square = u * u + v * v;
                if (square > 0 && square < 1) {
                    double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
                    spare = v * scale;
                    return u * scale;
                }
            }
        }
    }
}

package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Weights that are complete for a network, and what of them no file held.
 *
 * @param weights every tensor of {@link Network#parameters}, in that order
 * @param initialised names of the tensors that were made up: matrices and tables from normal(0, initializer_range), biases
 *     zero, scales of norms one
 * @param replacedLabels rows of the file's own last layer that was put aside, since another number was asked for; 0 if none
 */
public record FreshHead(Weights weights, List<String> initialised, int replacedLabels) {
    public FreshHead {
        initialised = List.copyOf(initialised);
    }

    static FreshHead of(PretrainedModel model, Network network, long seed) {
        List<Tensor> tensors = new ArrayList<>();
        List<String> initialised = new ArrayList<>();
        int replaced = 0;
        for (Parameter parameter : network.parameters()) {
            Tensor present = present(model, network, parameter.name());
            if (present != null && Arrays.equals(present.shape(), parameter.sizes())) {
                tensors.add(present);
            } else {
                replaced = present == null ? replaced : Math.toIntExact(present.shape()[0]);
                tensors.add(fresh(parameter, network.architecture().initializerRange(parameter), seed));
                initialised.add(parameter.name());
            }
        }
        return new FreshHead(new Weights(model.weights().origin(), tensors), initialised, replaced);
    }

    /** The file's tensor of that name, or of one that another class of the family has for it; null where there is none. */
    private static Tensor present(PretrainedModel model, Network network, String name) {
        return Stream.concat(Stream.of(name), network.architecture().otherNames(name).stream())
                .filter(model.weights()::contains)
                .findFirst()
                .map(model.weights()::get)
                .map(tensor -> tensor.name().equals(name) ? tensor : new Tensor(name, tensor.shape(), tensor.data()))
                .orElse(null);
    }

    private static Tensor fresh(Parameter parameter, double deviation, long seed) {
        FloatBuffer data = Float32.direct(parameter.elements());
        if (parameter.role().decays()) {
            Normal normal = new Normal(seed * 31 + parameter.name().hashCode());
            for (int i = 0; i < data.capacity(); i++) {
                data.put(i, (float) (normal.next() * deviation));
            }
        } else if (parameter.role() == Role.NORM) {
            for (int i = 0; i < data.capacity(); i++) {
                data.put(i, 1f);
            }
        }
        return new Tensor(parameter.name(), parameter.sizes(), data);
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

package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import dev.ortune.trainer.pretrained.Float32;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What a run with low-rank updates adds to the weights it began with. */
public final class Adapter {
    private Adapter() {}

    /**
     * Factors before the first step, as peft draws them: A uniform up to {@code 1 / sqrt(in)} (Kaiming's with a = sqrt 5), B
     * zero, so that the network is as it was.
     */
    private static List<Tensor> fresh(Network network, long seed) {
        List<Tensor> factors = new ArrayList<>();
        for (Parameter factor : network.adaptation().factors(network.parameters())) {
            FloatBuffer data = Float32.direct(factor.elements());
            if (factor.name().endsWith(LowRankUpdate.nameOfA(""))) {
                SplittableRandom random =
                        new SplittableRandom(seed * 31 + factor.name().hashCode());
                double bound = 1 / Math.sqrt((double) factor.sizes()[1]);
                for (int i = 0; i < data.capacity(); i++) {
                    data.put(i, (float) ((2 * random.nextDouble() - 1) * bound));
                }
            }
            factors.add(new Tensor(factor.name(), factor.sizes(), data));
        }
        return factors;
    }

    /**
     * What a run begins with: a model's weights, and factors, new ones or those of the adapter that it goes on with.
     *
     * @param model the weights of all {@link Network#parameters}
     * @throws dev.ortune.trainer.OrtuneException when the adapter lacks a weight that is to be trained
     */
    public static FreshHead start(Network network, FreshHead model, AdaptationArguments arguments, long seed) {
        if (network.adaptation().updates().isEmpty()) {
            return model;
        }
        AdapterFiles files = arguments.start().orElse(null);
        if (files == null) {
            return new FreshHead(
                    model.weights().with(fresh(network, seed)), model.initialised(), model.replacedLabels());
        }
        List<Tensor> trained = of(network, files.weights());
        Set<String> known = trained.stream().map(Tensor::name).collect(Collectors.toSet());
        List<String> initialised = model.initialised().stream()
                .filter(name -> !known.contains(name))
                .toList();
        return new FreshHead(model.weights().with(trained), initialised, 0);
    }

    /**
     * All that is trained: factors, and weights that are trained whole.
     *
     * @param weights all of {@link Network#sessionParameters}
     */
    public static List<Tensor> of(Network network, Weights weights) {
        return network.sessionParameters().stream()
                .filter(network.adaptation()::trains)
                .map(parameter -> weights.get(parameter.name()))
                .toList();
    }

    /**
     * The network's own weights with their updates added: {@code W + scale B A}.
     *
     * @param weights all of {@link Network#sessionParameters}
     */
    public static Weights merged(Network network, Weights weights) {
        Adaptation adaptation = network.adaptation();
        List<Tensor> result = new ArrayList<>();
        for (Parameter parameter : network.parameters()) {
            Tensor tensor = weights.get(parameter.name());
            List<Parameter> factors = adaptation.factors(List.of(parameter));
            if (!factors.isEmpty()) {
                String layer = LowRankUpdate.layer(parameter);
                tensor = sum(
                        tensor,
                        weights.get(LowRankUpdate.nameOfA(layer)),
                        weights.get(LowRankUpdate.nameOfB(layer)),
                        adaptation.update(layer).orElseThrow().scale(),
                        parameter.role() == Role.INPUTS_FIRST);
            }
            result.add(tensor);
        }
        return new Weights(weights.origin(), result);
    }

    /** @param inputsFirst whether the weight is {@code [in, out]} */
    private static Tensor sum(Tensor weight, Tensor a, Tensor b, double scale, boolean inputsFirst) {
        int rank = (int) a.shape()[0];
        int in = (int) a.shape()[1];
        int out = (int) b.shape()[0];
        float[] first = new float[rank * in];
        a.data().get(first);
        FloatBuffer second = b.data();
        FloatBuffer before = weight.data();
        FloatBuffer result = Float32.direct(weight.elements());
        double[] row = new double[in];
        for (int i = 0; i < out; i++) {
            Arrays.fill(row, 0);
            for (int k = 0; k < rank; k++) {
                double factor = second.get(i * rank + k) * scale;
                for (int j = 0; j < in; j++) {
                    row[j] += factor * first[k * in + j];
                }
            }
            for (int j = 0; j < in; j++) {
                int at = inputsFirst ? j * out + i : i * in + j;
                result.put(at, (float) (before.get(at) + row[j]));
            }
        }
        return new Tensor(weight.name(), weight.shape(), result);
    }
}

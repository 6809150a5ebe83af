package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.JoinedAdapters;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.pretrained.Float32;
import dev.ortune.trainer.pretrained.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adapters of one model side by side, each under its number, as a graph with {@link JoinedAdapters} takes them. */
public final class AdapterStacks {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final List<AdapterFiles> adapters;
    private final Map<String, Integer> ranks = new LinkedHashMap<>();
    private final Set<String> whole = new LinkedHashSet<>();

    /**
     * Of one or more adapters.
     *
     * @throws OrtuneException when one has trained anything else whole, or lacks a layer of the others
     */
    public AdapterStacks(List<AdapterFiles> adapters) {
        this.adapters = List.copyOf(adapters);
        for (AdapterFiles adapter : adapters) {
            adapter.weights().all().forEach(tensor -> add(adapter, tensor));
        }
        for (AdapterFiles adapter : adapters) {
            for (String layer : whole) {
                if (!adapter.weights().contains(layer + WEIGHT)) {
                    throw new OrtuneException(adapter.weights().origin() + ": has no " + layer + WEIGHT
                            + " of its own, as the other adapters have");
                }
            }
        }
    }

    private void add(AdapterFiles adapter, Tensor tensor) {
        String name = tensor.name();
        if (name.endsWith(LowRankUpdate.nameOfA(""))) {
            String layer =
                    name.substring(0, name.length() - LowRankUpdate.nameOfA("").length());
            ranks.merge(layer, (int) tensor.shape()[0], Math::max);
        } else if (name.endsWith(WEIGHT) && tensor.shape().length == 2 && !name.endsWith(LowRankUpdate.nameOfB(""))) {
            whole.add(name.substring(0, name.length() - WEIGHT.length()));
        } else if (!name.endsWith(LowRankUpdate.nameOfB(""))
                && !(name.endsWith(BIAS) && adapter.weights().contains(ModuleNames.of(name) + WEIGHT))) {
            throw new OrtuneException(adapter.weights().origin() + ": has trained " + name
                    + "; only adapters of updates and of whole linear layers can be joined");
        }
    }

    /** What the graph is to know of them. */
    public JoinedAdapters joined() {
        return new JoinedAdapters(adapters.size(), ranks, whole);
    }

    /** The stacks. Where an adapter has no update of a layer, or one of a lower rank, it is filled up with zeros. */
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        ranks.forEach((layer, rank) -> {
            Tensor a = any(LowRankUpdate.nameOfA(layer));
            Tensor b = any(LowRankUpdate.nameOfB(layer));
            tensors.add(stackOfA(layer, rank, (int) a.shape()[1]));
            tensors.add(stackOfB(layer, rank, (int) b.shape()[0]));
        });
        for (String layer : whole) {
            Tensor weight = any(layer + WEIGHT);
            int out = (int) weight.shape()[0];
            tensors.add(stackOfWeights(layer, out, (int) weight.shape()[1]));
            if (adapters.get(0).weights().contains(layer + BIAS)) {
                tensors.add(stackOfBiases(layer, out));
            }
        }
        return tensors;
    }

    private Tensor any(String name) {
        return adapters.stream()
                .filter(adapter -> adapter.weights().contains(name))
                .findFirst()
                .orElseThrow(() -> new OrtuneException("No adapter has " + name))
                .weights()
                .get(name);
    }

    /** {@code [count, in, rank]}: each transposed. */
    private Tensor stackOfA(String layer, int rank, int in) {
        FloatBuffer data = Float32.direct((long) adapters.size() * in * rank);
        each(LowRankUpdate.nameOfA(layer), (number, adapter, tensor) -> {
            requireShape(adapter, tensor, tensor.shape()[0], in);
            FloatBuffer values = tensor.data();
            for (int row = 0; row < tensor.shape()[0]; row++) {
                for (int column = 0; column < in; column++) {
                    data.put((number * in + column) * rank + row, values.get(row * in + column));
                }
            }
        });
        return new Tensor(JoinedAdapters.stackOfA(layer), new long[] {adapters.size(), in, rank}, data);
    }

    /** {@code [count, rank, out]}: each transposed and times its scale. */
    private Tensor stackOfB(String layer, int rank, int out) {
        FloatBuffer data = Float32.direct((long) adapters.size() * rank * out);
        each(LowRankUpdate.nameOfB(layer), (number, adapter, tensor) -> {
            requireShape(adapter, tensor, out, tensor.shape()[1]);
            double scale = adapter.lora().update().scale();
            FloatBuffer values = tensor.data();
            int width = (int) tensor.shape()[1];
            for (int row = 0; row < out; row++) {
                for (int column = 0; column < width; column++) {
                    data.put((number * rank + column) * out + row, (float) (scale * values.get(row * width + column)));
                }
            }
        });
        return new Tensor(JoinedAdapters.stackOfB(layer), new long[] {adapters.size(), rank, out}, data);
    }

    private Tensor stackOfWeights(String layer, int out, int in) {
        FloatBuffer data = Float32.direct((long) adapters.size() * in * out);
        each(layer + WEIGHT, (number, adapter, tensor) -> {
            requireShape(adapter, tensor, out, in);
            FloatBuffer values = tensor.data();
            for (int row = 0; row < out; row++) {
                for (int column = 0; column < in; column++) {
                    data.put((number * in + column) * out + row, values.get(row * in + column));
                }
            }
        });
        return new Tensor(JoinedAdapters.stackOfWeights(layer), new long[] {adapters.size(), in, out}, data);
    }

    private Tensor stackOfBiases(String layer, int out) {
        FloatBuffer data = Float32.direct((long) adapters.size() * out);
        each(layer + BIAS, (number, adapter, tensor) -> {
            requireShape(adapter, tensor, out);
            data.put(number * out, tensor.data(), 0, out);
        });
        return new Tensor(JoinedAdapters.stackOfBiases(layer), new long[] {adapters.size(), 1, out}, data);
    }

    /** Takes an adapter's tensor. */
    @FunctionalInterface
    private interface Part {
        void of(int number, AdapterFiles adapter, Tensor tensor);
    }

    private void each(String name, Part part) {
        for (int number = 0; number < adapters.size(); number++) {
            AdapterFiles adapter = adapters.get(number);
            if (adapter.weights().contains(name)) {
                part.of(number, adapter, adapter.weights().get(name));
            }
        }
    }

    private static void requireShape(AdapterFiles adapter, Tensor tensor, long... shape) {
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new OrtuneException(adapter.weights().origin() + ": tensor " + tensor.name() + " has shape "
                    + Arrays.toString(tensor.shape()) + " where others have " + Arrays.toString(shape)
                    + "; adapters that are joined have the same base and as many labels");
        }
    }
}

package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.pretrained.Float32;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Several adapters of one model as one: its updates are the weighted sums of theirs, exactly, since the factors stand side by
 * side (peft's {@code add_weighted_adapter} with {@code combination_type="cat"}); weights that are trained whole are summed in
 * the same way.
 *
 * @param adapters two or more with the same layers
 * @param shares what each is multiplied by
 */
public record AdapterSum(List<AdapterFiles> adapters, List<Double> shares) {
    public AdapterSum {
        adapters = List.copyOf(adapters);
        shares = List.copyOf(shares);
        if (adapters.size() != shares.size()) {
            throw new OrtuneException(
                    "--weights has " + shares.size() + " numbers for " + adapters.size() + " adapters");
        }
        Set<String> names = names(adapters.get(0));
        for (AdapterFiles other : adapters) {
            if (!names(other).equals(names)) {
                throw new OrtuneException(other.weights().origin() + " and "
                        + adapters.get(0).weights().origin() + " are not of the same layers");
            }
        }
    }

    /** The sum: of the rank that all have together, with alpha as large. */
    public AdapterFiles sum() {
        AdapterFiles first = adapters.get(0);
        int rank = adapters.stream().mapToInt(adapter -> adapter.lora().rank()).sum();
        List<Tensor> tensors = new ArrayList<>();
        for (String name : names(first)) {
            if (name.endsWith(LowRankUpdate.nameOfA(""))) {
                tensors.add(stacked(name));
            } else if (name.endsWith(LowRankUpdate.nameOfB(""))) {
                tensors.add(sideBySide(name));
            } else {
                tensors.add(weighted(name));
            }
        }
        LoraArguments lora = first.lora();
        LoraArguments summed =
                new LoraArguments(rank, rank, lora.dropout(), lora.targets(), lora.bias(), false, lora.modulesToSave());
        return new AdapterFiles(
                summed,
                first.base(),
                first.taskType(),
                new Weights(first.weights().origin(), tensors));
    }

    private static Set<String> names(AdapterFiles adapter) {
        Set<String> names = new LinkedHashSet<>();
        adapter.weights().all().forEach(tensor -> names.add(tensor.name()));
        return names;
    }

    /** All A below one another, each times its share and its scale. */
    private Tensor stacked(String name) {
        List<Tensor> parts = parts(name);
        long in = parts.get(0).shape()[1];
        long rows = parts.stream().mapToLong(part -> part.shape()[0]).sum();
        FloatBuffer data = Float32.direct(rows * in);
        for (int i = 0; i < parts.size(); i++) {
            double factor = shares.get(i) * adapters.get(i).lora().update().scale();
            FloatBuffer part = parts.get(i).data();
            while (part.hasRemaining()) {
                data.put((float) (factor * part.get()));
            }
        }
        return new Tensor(name, new long[] {rows, in}, data.flip());
    }

    /** All B beside one another. */
    private Tensor sideBySide(String name) {
        List<Tensor> parts = parts(name);
        int rows = (int) parts.get(0).shape()[0];
        long columns = parts.stream().mapToLong(part -> part.shape()[1]).sum();
        FloatBuffer data = Float32.direct(rows * columns);
        for (int row = 0; row < rows; row++) {
            for (Tensor part : parts) {
                int width = (int) part.shape()[1];
                data.put(part.data().slice(row * width, width));
            }
        }
        return new Tensor(name, new long[] {rows, columns}, data.flip());
    }

    private Tensor weighted(String name) {
        List<Tensor> parts = parts(name);
        FloatBuffer data = Float32.direct(parts.get(0).elements());
        for (int at = 0; at < data.capacity(); at++) {
            double sum = 0;
            for (int i = 0; i < parts.size(); i++) {
                sum += shares.get(i) * parts.get(i).data().get(at);
            }
            data.put(at, (float) sum);
        }
        return new Tensor(name, parts.get(0).shape(), data);
    }

    private List<Tensor> parts(String name) {
        List<Tensor> parts =
                adapters.stream().map(adapter -> adapter.weights().get(name)).toList();
        boolean ofA = name.endsWith(LowRankUpdate.nameOfA(""));
        boolean ofB = name.endsWith(LowRankUpdate.nameOfB(""));
        for (Tensor part : parts) {
            boolean fits = ofA
                    ? part.shape()[1] == parts.get(0).shape()[1]
                    : ofB
                            ? part.shape()[0] == parts.get(0).shape()[0]
                            : Arrays.equals(part.shape(), parts.get(0).shape());
            if (!fits) {
                throw new OrtuneException("The adapters' tensors " + name + " are not of one shape");
            }
        }
        return parts;
    }
}

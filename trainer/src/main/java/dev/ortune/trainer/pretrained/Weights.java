package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model's tensors by name, in a stable order. All readers end here with Hugging Face's names and {@code [out, in]}
 * layouts, whatever their file called them.
 */
public final class Weights {
    private final String origin;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** @param origin the file or folder the tensors came from, for messages */
    public Weights(String origin, Collection<Tensor> tensors) {
        this.origin = origin;
        for (Tensor tensor : tensors) {
            if (this.tensors.put(tensor.name(), tensor) != null) {
                throw new OrtuneException(origin + ": tensor " + Printable.of(tensor.name()) + " appears twice");
            }
        }
    }

    public String origin() {
        return origin;
    }

    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    /** The tensor of that name; an {@link OrtuneException} naming file and tensor when there is none. */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new OrtuneException(origin + ": tensor " + Printable.of(name) + " is missing");
        }
        return tensor;
    }

    /** The same with some of them replaced and others added. */
    public Weights with(Collection<Tensor> changed) {
        Map<String, Tensor> result = new LinkedHashMap<>(tensors);
        changed.forEach(tensor -> result.put(tensor.name(), tensor));
        return new Weights(origin, result.values());
    }

    public Collection<Tensor> all() {
        return Collections.unmodifiableCollection(tensors.values());
    }
}

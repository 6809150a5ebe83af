package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A TensorFlow checkpoint in the bundle format, as Google published BERT: {@code PREFIX.index} says where in
 * {@code PREFIX.data-00000-of-00001} each variable lies. Kernels are {@code [in, out]} there and transposed here.
 */
final class TensorBundle {
    private static final int FLOAT = 1;

    private final Path index;
    private final BundleIndex entries;
    private final Map<Integer, MappedFile> shards = new HashMap<>();

    private TensorBundle(Path index) {
        this.index = index;
        this.entries = BundleIndex.read(index);
    }

    /** The variables whose Hugging Face name is {@code wanted}; optimizer slots and pre-training heads have none. */
    static Weights read(Path index, Predicate<String> wanted) {
        TensorBundle bundle = new TensorBundle(index);
        List<Tensor> tensors = new ArrayList<>();
        bundle.entries.byName().forEach((name, entry) -> {
            Optional<TensorflowName> known = TensorflowName.of(name);
            if (known.isPresent() && wanted.test(known.get().name())) {
                tensors.add(bundle.tensor(name, known.get(), entry));
            }
        });
        return new Weights(index.toString(), tensors);
    }

    private Tensor tensor(String variable, TensorflowName known, BundleEntry entry) {
        requireWholeFloat(variable, entry);
        MappedFile shard = shards.computeIfAbsent(entry.shard(), this::shard);
        ByteBuffer bytes = shard.slice(entry.offset(), entry.size(), "variable " + Printable.of(variable));
        if (MaskedCrc32c.of(bytes) != entry.maskedCrc()) {
            throw broken(shard.file(), variable, "is damaged: its checksum differs");
        }
        FloatBuffer data = bytes.asFloatBuffer();
        long[] shape = entry.shape();
        if (!known.transposed()) {
            return new Tensor(known.name(), shape, data);
        }
        if (shape.length != 2) {
            throw broken(index, variable, "is no matrix: it has " + shape.length + " dimensions");
        }
        FloatBuffer transposed = Float32.transposed(data, (int) shape[0], (int) shape[1]);
        return new Tensor(known.name(), new long[] {shape[1], shape[0]}, transposed);
    }

    private void requireWholeFloat(String variable, BundleEntry entry) {
        if (entry.dtype() != FLOAT) {
            throw broken(index, variable, "has TensorFlow's dtype " + entry.dtype() + "; only 1 (float) can be read");
        }
        if (entry.sliced()) {
            throw broken(index, variable, "is stored in slices, which is not supported");
        }
        long needed;
        try {
            needed = Math.multiplyExact(Tensor.elements(entry.shape()), Float.BYTES);
        } catch (ArithmeticException e) {
            throw broken(index, variable, "has a shape whose size overflows");
        }
        if (needed != entry.size()) {
            throw broken(index, variable, "needs " + needed + " bytes but has " + entry.size());
        }
    }

    private MappedFile shard(int number) {
        if (number < 0 || number >= entries.shards()) {
            throw new OrtuneException(
                    index + ": refers to data file " + number + ", but has " + entries.shards() + " of them");
        }
        String prefix = index.getFileName().toString().replaceFirst("\\.index$", "");
        Path file = index.resolveSibling(String.format("%s.data-%05d-of-%05d", prefix, number, entries.shards()));
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(index + ": its data file " + file.getFileName() + " is missing");
        }
        return MappedFile.open(file);
    }

    private static OrtuneException broken(Path file, String variable, String what) {
        return new OrtuneException(file + ": variable " + Printable.of(variable) + " " + what);
    }
}

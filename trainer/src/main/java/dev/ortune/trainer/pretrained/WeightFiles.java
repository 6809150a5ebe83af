package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The files that may hold a model's weights, in the order in which they are preferred. */
final class WeightFiles {
    private static final String SHARDED = "model.safetensors.index.json";
    private static final String SHARDED_TORCH = "pytorch_model.bin.index.json";
    private static final Map<String, Reader> READERS = new LinkedHashMap<>();

    static {
        READERS.put("model.safetensors", Safetensors::read);
        READERS.put(SHARDED, ShardedSafetensors::read);
        READERS.put("pytorch_model.bin", TorchFile::read);
        READERS.put(SHARDED_TORCH, ShardedSafetensors::read);
        READERS.put("variables.index", TensorBundle::read);
        READERS.put("variables/variables.index", TensorBundle::read);
        READERS.put("bert_model.ckpt.index", TensorBundle::read);
        READERS.put("model.onnx", OnnxEncoder::read);
        READERS.put("onnx/model.onnx", OnnxEncoder::read);
    }

    private WeightFiles() {}

    @FunctionalInterface
    private interface Reader {
        Weights read(Path file, Predicate<String> wanted);
    }

    /** The tensors in {@code folder} that are wanted, under Hugging Face's names in any of their spellings. */
    static Weights read(Path folder, Predicate<String> wanted) {
        String form = form(folder);
        return READERS.get(form).read(folder.resolve(form), wanted);
    }

    /**
     * The SHA-256 of the file that {@link #read} reads; of shards, that of their list in the form of {@code sha256sum}.
     * The index of a TensorFlow checkpoint holds the checksum of each tensor, so it stands for its data files.
     */
    static String sha256(Path folder, Predicate<String> wanted) {
        Path file = folder.resolve(form(folder));
        try {
            return file.endsWith(SHARDED) || file.endsWith(SHARDED_TORCH)
                    ? sha256OfShards(file, wanted)
                    : Sha256.of(file);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static String sha256OfShards(Path index, Predicate<String> wanted) throws IOException {
        StringBuilder sums = new StringBuilder();
        for (String shard : ShardedSafetensors.shards(index, wanted)) {
            sums.append(Sha256.of(index.resolveSibling(shard)))
                    .append("  ")
                    .append(shard)
                    .append('\n');
        }
        return Sha256.of(sums.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String form(Path folder) {
        for (String form : READERS.keySet()) {
            if (Files.exists(folder.resolve(form))) {
                return form;
            }
        }
        throw new OrtuneException(
                folder + ": holds no weights (looked for " + String.join(", ", READERS.keySet()) + ")");
    }
}

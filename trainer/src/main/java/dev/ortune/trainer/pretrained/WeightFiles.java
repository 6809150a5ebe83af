package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The files that may hold a model's weights, in the order in which they are preferred. */
final class WeightFiles {
    private static final Map<String, Reader> READERS = new LinkedHashMap<>();

    static {
        READERS.put("model.safetensors", Safetensors::read);
        READERS.put("model.safetensors.index.json", ShardedSafetensors::read);
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

    /** The tensors of BERT in {@code folder}, under Hugging Face's names in any of their spellings. */
    static Weights read(Path folder) {
        for (Map.Entry<String, Reader> form : READERS.entrySet()) {
            Path file = folder.resolve(form.getKey());
            if (Files.exists(file)) {
                return form.getValue().read(file, BertNames::isUsed);
            }
        }
        String hint = Files.exists(folder.resolve("pytorch_model.bin"))
                ? "; pytorch_model.bin is a Python pickle, which is not read"
                : "";
        throw new OrtuneException(
                folder + ": holds no weights (looked for " + String.join(", ", READERS.keySet()) + ")" + hint);
    }
}

package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.encoder.BertConfig;
import dev.ortune.trainer.text.TokenizerFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pretrained encoder as it lies in a folder, whatever the form: Hugging Face safetensors (one file or sharded),
 * Google's TensorFlow checkpoint, or an ONNX encoder.
 *
 * @param config the encoder's shape
 * @param configJson all of config.json, for keys that Ortune only passes on
 * @param weights checked tensors in the names, layouts and order of {@link BertTensors}; pooler and classifier only where
 *     the files hold them
 * @param folder where it was read from
 */
public record PretrainedModel(BertConfig config, ObjectNode configJson, Weights weights, Path folder) {

    /**
     * Reads the model in {@code path}: a folder, or the jar or zip of a {@link CheckpointArchive}, which is unpacked to a
     * temporary folder.
     *
     * @throws OrtuneException naming file and tensor, when anything is missing, broken or does not fit the configuration
     */
    public static PretrainedModel load(Path path) {
        if (!Files.exists(path)) {
            throw new OrtuneException(path + ": no such model folder");
        }
        Path folder = Files.isDirectory(path) ? path : CheckpointArchive.unpackTemporarily(path);
        ConfigFile config = ConfigFile.read(folder);
        Weights raw = WeightFiles.read(folder);
        Weights weights = new BertWeights(BertNames.canonical(raw), config).checked();
        requireTokenizerFits(folder, weights);
        return new PretrainedModel(config.config(), config.json(), weights, folder);
    }

    /** A token past the embedding's last row would be a crash in the middle of training. */
    private static void requireTokenizerFits(Path folder, Weights weights) {
        Tensor words = weights.get(BertTensors.WORD_EMBEDDINGS);
        TokenizerFiles.source(folder).ifPresent(file -> {
            int tokens = TokenizerFiles.vocabSize(folder);
            if (tokens > words.shape()[0]) {
                throw new OrtuneException(file + ": has ids for " + tokens + " tokens, but tensor " + words.name()
                        + " in " + weights.origin() + " has only " + words.shape()[0] + " rows");
            }
        });
    }

    /** The SHA-256 of the files that hold the weights, which are read for it. */
    public String sha256() {
        return WeightFiles.sha256(folder);
    }

    /** Whether the files hold a pooler. */
    public boolean hasPooler() {
        return weights.contains("bert.pooler.dense.weight");
    }

    /** Whether the files hold a classification head. */
    public boolean hasClassifier() {
        return weights.contains("classifier.weight");
    }

    /** Classes of the head in the files; 0 when there is none. */
    public int labels() {
        return hasClassifier() ? (int) weights.get("classifier.weight").shape()[0] : 0;
    }

    /**
     * Completes the weights for a classifier with {@code labels} classes. A pooler or a head that the files lack is
     * initialised as transformers does it, the same way each time for a seed; a head with another number of classes is
     * replaced.
     */
    public FreshHead withFreshHead(int labels, long seed) {
        if (labels < 1) {
            throw new IllegalArgumentException("a classifier needs at least 1 label, not " + labels);
        }
        return FreshHead.of(this, labels, seed);
    }
}

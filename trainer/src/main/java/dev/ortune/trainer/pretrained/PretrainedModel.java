package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.text.TokenizerFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A pretrained model as it lies in a folder, whatever the form: Hugging Face safetensors or PyTorch's files (one
 * file or sharded), Google's
 * TensorFlow checkpoint, or an ONNX encoder.
 *
 * @param architecture the network that config.json describes
 * @param configJson all of config.json, for keys that Ortune only passes on
 * @param weights checked tensors under transformers' names: embeddings and layers, and of heads what the files hold
 * @param folder where it was read from; its tokenizer is there
 */
public record PretrainedModel(Architecture architecture, ObjectNode configJson, Weights weights, Path folder) {

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
        WeightNames names = WeightNames.of(config.architecture());
        Weights raw = WeightFiles.read(folder, names::isUsed);
        Weights weights = new CheckedWeights(names.canonical(raw), config).checked();
        requireTokenizerFits(folder, weights.get(config.architecture().wordEmbeddings()), weights.origin());
        return new PretrainedModel(config.architecture().of(weights::contains), config.json(), weights, folder);
    }

    /**
     * A model of which there are no weights yet.
     *
     * @param config a config.json; where it has no {@code vocab_size}, that is the tokenizer's
     * @param tokenizer the folder of a tokenizer
     */
    public static PretrainedModel fresh(Path config, Path tokenizer) {
        int tokens = TokenizerFiles.vocabSize(tokenizer);
        ConfigFile file = ConfigFile.of(config, json -> {
            if (!json.has("vocab_size")) {
                json.put("vocab_size", tokens);
            }
        });
        if (tokens > file.architecture().vocabSize()) {
            throw new OrtuneException(config + ": vocab_size "
                    + file.architecture().vocabSize() + " is less than the " + tokens + " tokens of " + tokenizer);
        }
        return new PretrainedModel(
                file.architecture(), file.json(), new Weights(config.toString(), List.of()), tokenizer);
    }

    /** A token past the embedding's last row would be a crash in the middle of training. */
    private static void requireTokenizerFits(Path folder, Tensor words, String origin) {
        TokenizerFiles.source(folder).ifPresent(file -> {
            int tokens = TokenizerFiles.vocabSize(folder);
            if (tokens > words.shape()[0]) {
                throw new OrtuneException(file + ": has ids for " + tokens + " tokens, but tensor " + words.name()
                        + " in " + origin + " has only " + words.shape()[0] + " rows");
            }
        });
    }

    /** The SHA-256 of the files that hold the weights, which are read for it. */
    public String sha256() {
        return WeightFiles.sha256(folder, WeightNames.of(architecture)::isUsed);
    }

    /** Rows of a head's last layer in the files, such as {@code classifier}: its labels. 0 when there is none. */
    public int labels(String lastLayer) {
        String name = lastLayer + ".weight";
        return weights.contains(name) ? Math.toIntExact(weights.get(name).shape()[0]) : 0;
    }

    /**
     * Completes the weights for a network. What of its head the files lack is initialised as transformers does it, the same
     * way each time for a seed; a last layer with another number of labels is replaced.
     */
    public FreshHead withFreshHead(Network network, long seed) {
        return FreshHead.of(this, network, seed);
    }
}

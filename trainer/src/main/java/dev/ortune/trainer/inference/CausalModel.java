package dev.ortune.trainer.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.runtime.Device;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model that tells next tokens as its folder has it, in a plain ONNX Runtime session: {@code graph.onnx} with the weights of
 * {@code model.safetensors}. One thread at a time.
 */
public final class CausalModel implements AutoCloseable {
    private final Path file;
    private final PretrainedModel model;
    private final ConstantWeights weights;
    private final OrtSession session;

    private CausalModel(Path file, PretrainedModel model, ConstantWeights weights, OrtSession session) {
        this.file = file;
        this.model = model;
        this.weights = weights;
        this.session = session;
    }

    /**
     * Opens a model folder.
     *
     * @param threads CPU threads; 0 for one a core
     * @throws OrtuneException when a file is missing or broken, or the files do not fit together
     */
    public static CausalModel open(Path folder, int threads, Device device) {
        PretrainedModel model = PretrainedModel.load(folder);
        Path file = folder.resolve("graph.onnx");
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(file + ": no such file; \"ortune pretrain\" writes it");
        }
        try (OrtSession.SessionOptions options = TrainedModel.options(threads, device)) {
            ConstantWeights weights = ConstantWeights.of(file, model.weights());
            try {
                return new CausalModel(file, model, weights, weights.session(options));
            } catch (OrtException e) {
                weights.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot run it: " + Printable.of(e.getMessage()), e);
        }
    }

    /** Whether a folder's configuration says that its model is one. */
    public static boolean isIn(Path folder) {
        Path config = folder.resolve("config.json");
        if (!Files.isRegularFile(config)) {
            return false;
        }
        String architecture =
                JsonFile.readObject(config).path("architectures").path(0).asText();
        return architecture.endsWith("LMHeadModel") || architecture.endsWith("ForCausalLM");
    }

    /** The most tokens of a text. */
    public int mostTokens() {
        return model.architecture().mostTokens();
    }

    /** Words of the vocabulary. */
    public int vocabSize() {
        return model.architecture().vocabSize();
    }

    /**
     * How well it tells the labelled tokens of a batch: {@code losses}, the cross entropy of each, and {@code hits}, 1 where it is
     * the likeliest.
     */
    public Map<String, float[]> evaluated(Batch batch) {
        long[] shape = {batch.size(), batch.length()};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(batch.inputIds()), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(batch.attentionMask()), shape);
                OrtSession.Result result = session.run(Map.of(Batch.INPUT_IDS, ids, Batch.ATTENTION_MASK, mask))) {
            OnnxTensor logits = (OnnxTensor) result.get("logits").orElseThrow();
            return NextTokens.evaluated(logits.getFloatBuffer(), batch.labels());
        } catch (OrtException e) {
            throw new OrtuneException(
                    file + ": fails on a batch of " + batch.size() + " x " + batch.length() + " tokens: "
                            + Printable.of(e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OrtuneException(file + ": the session cannot be closed: " + e.getMessage(), e);
        } finally {
            weights.close();
        }
    }
}

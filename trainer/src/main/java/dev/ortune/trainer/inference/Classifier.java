package dev.ortune.trainer.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.NativeLibraries;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A fine-tuned model as its folder has it: {@code graph.onnx} in a plain ONNX Runtime session, with the weights of
 * {@code model.safetensors}. One thread at a time.
 */
public final class Classifier implements AutoCloseable {
    private final Path folder;
    private final PretrainedModel model;
    private final Labels labels;
    private final OrtEnvironment environment;
    private final ConstantWeights weights;
    private final OrtSession session;

    private Classifier(Path folder, PretrainedModel model, Labels labels, ConstantWeights weights, OrtSession session) {
        this.folder = folder;
        this.model = model;
        this.labels = labels;
        this.environment = OrtEnvironment.getEnvironment();
        this.weights = weights;
        this.session = session;
    }

    /**
     * Opens a model folder.
     *
     * @param threads CPU threads; 0 for one a core
     * @throws OrtuneException when a file is missing or broken, or the files do not fit together
     */
    public static Classifier open(Path folder, int threads) {
        return open(folder, threads, Device.CPU);
    }

    /** Likewise, on a device. */
    public static Classifier open(Path folder, int threads, Device device) {
        PretrainedModel model = PretrainedModel.load(folder);
        if (!model.hasClassifier()) {
            throw new OrtuneException(folder + ": has no classification head; train it first");
        }
        Labels labels = ClassifierConfig.labels(folder.resolve("config.json"), model.configJson(), model.labels());
        Path graph = folder.resolve("graph.onnx");
        if (!Files.isRegularFile(graph)) {
            throw new OrtuneException(graph + ": no such file; \"ortune train\" writes it");
        }
        NativeLibraries.load();
        try {
            ConstantWeights weights = ConstantWeights.of(graph, model.weights());
            return new Classifier(folder, model, labels, weights, session(weights, threads, device));
        } catch (OrtException e) {
            throw new OrtuneException(graph + ": ONNX Runtime cannot run it: " + firstLine(e), e);
        }
    }

    private static OrtSession session(ConstantWeights weights, int threads, Device device) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            if (threads > 0) {
                options.setIntraOpNumThreads(threads);
            }
            device.addTo(options);
            return weights.session(options);
        } catch (OrtException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** The label names in the order of their ids. */
    public Labels labels() {
        return labels;
    }

    /**
     * Tokens to cut texts to.
     *
     * @param asked a length somebody asked for; 0 for that of the training, or of the model where nothing tells it
     * @throws OrtuneException when the model has fewer positions than were asked for
     */
    public int maxLength(int asked) {
        int positions = model.config().maxPositionEmbeddings();
        if (asked > positions) {
            throw new OrtuneException(
                    "--max-length " + asked + " is more than the " + positions + " positions of " + folder);
        }
        Path arguments = folder.resolve("training_args.json");
        if (asked > 0 || !Files.exists(arguments)) {
            return asked > 0 ? asked : positions;
        }
        int trained = JsonFile.readObject(arguments).path("max_length").asInt(positions);
        return trained > 0 && trained <= positions ? trained : positions;
    }

    /** The logits of a batch, {@code [size, labels]} row-major. */
    public float[] logits(Batch batch) {
        long[] shape = {batch.size(), batch.length()};
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try (OnnxTensor ids = tensor(batch.inputIds(), shape);
                OnnxTensor mask = tensor(batch.attentionMask(), shape);
                OnnxTensor types = tensor(batch.tokenTypeIds(), shape)) {
            inputs.put("input_ids", ids);
            inputs.put("attention_mask", mask);
            inputs.put("token_type_ids", types);
            try (OrtSession.Result result = session.run(inputs, Set.of("logits"))) {
                return checked(result.get(0), batch.size());
            }
        } catch (OrtException e) {
            throw new OrtuneException(
                    folder.resolve("graph.onnx") + ": fails on a batch of " + batch.size() + " x " + batch.length()
                            + " tokens: " + firstLine(e),
                    e);
        }
    }

    private float[] checked(OnnxValue output, int size) {
        if (!(output instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT) {
            throw new OrtuneException(folder.resolve("graph.onnx") + ": gives logits that are no floats");
        }
        FloatBuffer logits = tensor.getFloatBuffer();
        if (logits.remaining() != size * labels.count()) {
            throw new OrtuneException(folder.resolve("graph.onnx") + ": gives " + logits.remaining() + " logits for "
                    + size + " sentences and " + labels.count() + " labels");
        }
        float[] values = new float[logits.remaining()];
        logits.get(values);
        return values;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OrtuneException(folder + ": the session cannot be closed: " + firstLine(e), e);
        } finally {
            weights.close();
        }
    }

    private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private static String firstLine(OrtException e) {
        return Printable.of(String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"));
    }
}

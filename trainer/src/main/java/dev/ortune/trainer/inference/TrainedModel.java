package dev.ortune.trainer.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.NativeLibraries;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.task.head.CrossEntropy;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fine-tuned model as its folder has it, in a plain ONNX Runtime session: {@code graph.onnx} with the weights of {@code
 * model.safetensors}, or an exported file. One thread at a time.
 */
public final class TrainedModel implements AutoCloseable {
    private static final String ARGUMENTS = "training_args.json";

    private final Path file;
    private final PretrainedModel model;
    private final Task task;
    private final Labels labels;
    private final OrtSession session;
    private final Runnable release;

    private TrainedModel(
            Path file, PretrainedModel model, Task task, Labels labels, OrtSession session, Runnable release) {
        this.file = file;
        this.model = model;
        this.task = task;
        this.labels = labels;
        this.session = session;
        this.release = release;
    }

    /**
     * Opens a model folder.
     *
     * @param threads CPU threads; 0 for one a core
     * @throws OrtuneException when a file is missing or broken, or the files do not fit together
     */
    public static TrainedModel open(Path folder, int threads) {
        return open(folder, threads, Device.CPU);
    }

    /** Likewise, on a device. */
    public static TrainedModel open(Path folder, int threads, Device device) {
        Path graph = folder.resolve("graph.onnx");
        return open(folder, graph, threads, device, (model, options) -> {
            if (!Files.isRegularFile(graph)) {
                throw new OrtuneException(graph + ": no such file; \"ortune train\" writes it");
            }
            ConstantWeights weights = ConstantWeights.of(graph, model.weights());
            try {
                return new Opened(weights.session(options), weights::close);
            } catch (OrtException | RuntimeException e) {
                weights.close();
                throw e;
            }
        });
    }

    /**
     * Opens a model folder with one of its exported files in the place of {@code graph.onnx} and the weights.
     *
     * @param exported the file, such as {@code onnx/model_int8.onnx}, from the folder or from where the program runs
     */
    public static TrainedModel openExported(Path folder, Path exported, int threads, Device device) {
        Path inside = folder.resolve(exported);
        Path chosen = Files.isRegularFile(inside) ? inside : exported;
        if (!Files.isRegularFile(chosen)) {
            throw new OrtuneException(inside + ": no such file; \"ortune export\" writes such files");
        }
        return open(
                folder,
                chosen,
                threads,
                device,
                (model, options) -> new Opened(
                        OrtEnvironment.getEnvironment().createSession(chosen.toString(), options), () -> {}));
    }

    /** @param release frees what the session needed as long as it lived */
    private record Opened(OrtSession session, Runnable release) {}

    @FunctionalInterface
    private interface Opener {
        Opened open(PretrainedModel model, OrtSession.SessionOptions options) throws OrtException;
    }

    private static TrainedModel open(Path folder, Path file, int threads, Device device, Opener opener) {
        PretrainedModel model = PretrainedModel.load(folder);
        Task task = asDescribed(Tasks.ofModel(model.configJson()).orElse(new TextClassification()), folder);
        int rows = task.labels(
                model.configJson(),
                model.labels(task.head(1, CrossEntropy.PLAIN).lastLayer(model.architecture())));
        if (rows == 0) {
            throw new OrtuneException(folder + ": has no classification head; train it first");
        }
        Labels labels = task.hasLabels()
                ? ClassifierConfig.labels(folder.resolve("config.json"), model.configJson(), rows)
                : Labels.NONE;
        NativeLibraries.load();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            if (threads > 0) {
                options.setIntraOpNumThreads(threads);
            }
            device.addTo(options);
            // 8-bit products of exported files are exact on x86 without VNNI too, where they would overflow.
            options.addConfigEntry("session.x64quantprecision", "1");
            Opened opened = opener.open(model, options);
            return new TrainedModel(file, model, task, labels, opened.session(), opened.release());
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot run it: " + firstLine(e), e);
        }
    }

    private static Task asDescribed(Task task, Path folder) {
        Path arguments = folder.resolve(ARGUMENTS);
        return Files.exists(arguments) ? task.asDescribed(JsonFile.readObject(arguments)) : task;
    }

    /** What it says of a text. */
    public Task task() {
        return task;
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
        int positions = model.architecture().mostTokens();
        if (asked > positions) {
            throw new OrtuneException(
                    "--max-length " + asked + " is more than the " + positions + " positions of " + model.folder());
        }
        Path arguments = model.folder().resolve(ARGUMENTS);
        if (asked > 0 || !Files.exists(arguments)) {
            return asked > 0 ? asked : positions;
        }
        int trained = JsonFile.readObject(arguments).path("max_length").asInt(positions);
        return trained > 0 && trained <= positions ? trained : positions;
    }

    /**
     * What the graph gives for a batch, by output: {@code logits} of {@code [size, labels]}, {@code [size, length,
     * labels]} for a label a token, or {@code [size]} for choices, row-major, padding included.
     */
    public Map<String, float[]> outputs(Batch batch) {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                inputs.put(input.getKey(), input(input.getKey(), batch, shape(input.getValue(), batch)));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                Map<String, float[]> outputs = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), floats(output.getKey(), output.getValue()));
                }
                requireOutputs(outputs, batch);
                return outputs;
            }
        } catch (OrtException e) {
            throw new OrtuneException(
                    file + ": fails on a batch of " + batch.size() + " x " + batch.length() + " tokens: "
                            + firstLine(e),
                    e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** Of a graph of choices each is an example of its own, whose logit is the same: examples may have any number of them. */
    private static long[] shape(NodeInfo input, Batch batch) {
        return input.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 3
                ? new long[] {batch.size(), 1, batch.length()}
                : new long[] {batch.size(), batch.length()};
    }

    private OnnxTensor input(String name, Batch batch, long[] shape) throws OrtException {
        if (!batch.arrays().containsKey(name)) {
            throw new OrtuneException(file + ": takes " + Printable.of(name) + ", which no text has");
        }
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), LongBuffer.wrap(batch.longs(name)), shape);
    }

    private float[] floats(String name, OnnxValue output) {
        if (!(output instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT) {
            throw new OrtuneException(file + ": gives " + Printable.of(name) + " that are no floats");
        }
        FloatBuffer data = tensor.getFloatBuffer();
        float[] values = new float[data.remaining()];
        data.get(values);
        return values;
    }

    private void requireOutputs(Map<String, float[]> outputs, Batch batch) {
        Head head = task.head(labels.count(), CrossEntropy.PLAIN);
        boolean ofTokens = head.rows() == Rows.ALL;
        long rows = (long) batch.size() * (ofTokens ? batch.length() : 1);
        for (String name : head.outputNames()) {
            float[] values = outputs.get(name);
            if (values == null || values.length != rows * (task.hasLabels() ? labels.count() : 1)) {
                throw new OrtuneException(
                        file + ": gives " + (values == null ? 0 : values.length) + " " + name + " for "
                                + rows + (ofTokens ? " tokens" : " sentences")
                                + (task.hasLabels() ? " and " + labels.count() + " labels" : ""));
            }
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OrtuneException(file + ": the session cannot be closed: " + firstLine(e), e);
        } finally {
            release.run();
        }
    }

    private static String firstLine(OrtException e) {
        return Printable.of(String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"));
    }
}

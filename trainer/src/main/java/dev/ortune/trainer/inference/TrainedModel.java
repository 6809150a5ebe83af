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
import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.WrittenPredictions;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.NativeLibraries;
import dev.ortune.trainer.task.FreeText;
import dev.ortune.trainer.task.Scoring;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.TextToTextHead;
import dev.ortune.trainer.text.TextOfTokens;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
    private final int threads;
    private final Device device;

    private TrainedModel(
            Path file,
            PretrainedModel model,
            Task task,
            Labels labels,
            OrtSession session,
            Runnable release,
            int threads,
            Device device) {
        this.file = file;
        this.model = model;
        this.task = task;
        this.labels = labels;
        this.session = session;
        this.release = release;
        this.threads = threads;
        this.device = device;
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
        if (Tasks.ofModel(PretrainedModel.load(folder).configJson()).orElse(null) instanceof FreeText) {
            throw new OrtuneException(
                    folder + ": writes texts, which no exported file by itself does; \"ortune export\""
                            + " compares what its files write");
        }
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
        try (OrtSession.SessionOptions options = options(threads, device)) {
            Opened opened = opener.open(model, options);
            return new TrainedModel(file, model, task, labels, opened.session(), opened.release(), threads, device);
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot run it: " + firstLine(e), e);
        }
    }

    /** @param threads CPU threads; 0 for one a core */
    static OrtSession.SessionOptions options(int threads, Device device) throws OrtException {
        NativeLibraries.load();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            if (threads > 0) {
                options.setIntraOpNumThreads(threads);
            }
            device.addTo(options);
            ExactProducts.addTo(options);
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
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
                inputs.put(input.getKey(), input(input.getKey(), input.getValue(), batch));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                if (task instanceof FreeText) {
                    OnnxTensor logits = (OnnxTensor) result.get(Scoring.LOGITS)
                            .orElseThrow(() -> new OrtuneException(file + ": gives no logits"));
                    return NextTokens.evaluated(logits.getFloatBuffer(), batch.longs(TextToTextHead.TARGETS));
                }
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

    /**
     * What it says of a whole set; where it writes any text, also what it writes after the first few examples.
     *
     * @param task as it is judged
     * @param check asked before each batch, to fail where nobody waits any more
     */
    public Predictions predictions(Task task, Batches batches, Runnable check) {
        Predictions predictions = task.scoring().predictions(batches, batch -> {
            check.run();
            return outputs(batch);
        });
        return task instanceof FreeText free
                ? ((WrittenPredictions) predictions).with(written(batches, free.maxTargetLength(), check))
                : predictions;
    }

    /** What it writes after the first of a set's examples, in their order. */
    private List<String> written(Batches batches, int most, Runnable check) {
        EncodedDataset set = batches.data();
        String[] texts = new String[Math.min(set.size(), WrittenPredictions.WRITTEN)];
        Integer[] byLength = IntStream.range(0, texts.length)
                .boxed()
                .sorted(Comparator.comparing(row -> set.encodings().get(row).length()))
                .toArray(Integer[]::new);
        try (TextWriter writer = TextWriter.open(model, threads, device);
                TextOfTokens decoder = TextOfTokens.load(model.folder())) {
            for (int from = 0; from < texts.length; from += batches.batchSize()) {
                check.run();
                int[] rows = Arrays.stream(byLength, from, Math.min(texts.length, from + batches.batchSize()))
                        .mapToInt(Integer::intValue)
                        .toArray();
                List<long[]> tokens = writer.write(batches.collator().collate(set, rows), most);
                for (int i = 0; i < rows.length; i++) {
                    texts[rows[i]] = decoder.text(tokens.get(i));
                }
            }
        }
        return List.of(texts);
    }

    /** Of a graph of choices each is an example of its own, whose logit is the same: examples may have any number of them. */
    private static long[] shape(NodeInfo input, Array array) {
        return input.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 3
                ? new long[] {array.shape()[0], 1, array.shape()[1]}
                : array.shape();
    }

    private OnnxTensor input(String name, NodeInfo info, Batch batch) throws OrtException {
        Array array = batch.arrays().get(name);
        if (array == null) {
            throw new OrtuneException(file + ": takes " + Printable.of(name) + ", which no text has");
        }
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), LongBuffer.wrap(array.longs()), shape(info, array));
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

package dev.ortune.predictor.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.files.Printable;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.text.EncodedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A file in ONNX Runtime. Safe for several threads at once. */
public final class Session implements AutoCloseable {
    private static final String IDS = "input_ids";
    private static final Set<String> INPUTS = Set.of(IDS, "attention_mask", "token_type_ids", BatchTensors.ADAPTER);
    private static final Set<String> NEEDED = Set.of(IDS, "attention_mask");

    /** A file that says more is a mistake, and rows would be filled up to so many. */
    private static final int MOST_CHOICES = 1000;

    /**
     * How long a thread without work waits in a busy loop, in microseconds: about as long as HTTP takes between two texts of
     * one client. ONNX Runtime's own count of loops comes to some 16 milliseconds on an AMD Zen at 4 GHz.
     */
    private static final String BUSY_MICROS = "300";

    /** Of the longer text that a file is tried with. */
    private static final int TOKENS = 3;

    private final Path file;
    private final OrtSession session;
    private final long padId;
    private final Task task;
    private final int labels;
    /** Of a graph that takes [batch, choices, sequence], how many choices it takes at a time; 0 of others. */
    private final int choices;

    private final Queue<BatchTensors> free = new ConcurrentLinkedQueue<>();
    private volatile boolean left;

    private Session(Path file, OrtSession session, long padId, Task task) {
        this.file = file;
        this.session = session;
        this.padId = padId;
        this.task = task;
        this.labels = task.width();
        this.choices = choices(session);
    }

    /** One where any number will do, since choices have nothing to do with one another before their softmax. */
    private static int choices(OrtSession session) {
        try {
            NodeInfo texts = session.getInputInfo().get(IDS);
            return texts != null && texts.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 3
                    ? (int) Math.max(1, Math.min(MOST_CHOICES, tensor.getShape()[1]))
                    : 0;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Loads a model's file.
     *
     * @param device where it runs
     * @param threads that share the work of one batch
     */
    public static Session open(ModelFolder model, Device device, int threads) {
        return new Session(model.file(), load(model.chosen(), device, threads), model.padId(), model.task());
    }

    /** Loads it as it is, whatever its inputs and outputs are. */
    static OrtSession load(ModelFile model, Device device, int threads) {
        Path file = model.path();
        try (PrivateCopy copy = PrivateCopy.of(file, model.externalData());
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            device.addTo(options);
            options.setIntraOpNumThreads(threads);
            // What goes wrong is thrown in the same words; on standard error they would stand beside our own line.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // Threads wait for each other in busy loops, which makes a single text's run a fifth shorter, and after it
            // until a lone client has asked again; no longer, or tokenising and HTTP would want for the processor.
            options.addConfigEntry("session.intra_op.spin_duration_us", BUSY_MICROS);
            ExactProducts.addTo(options);
            return OrtEnvironment.getEnvironment().createSession(copy.file().toString(), options);
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot load it: " + reason(e), e);
        }
    }

    /** The file. */
    Path file() {
        return file;
    }

    /**
     * The logits of each text of a batch, {@code [size][labels]}, or of its tokens, {@code [size][tokens * labels]}; of several
     * outputs one after the other.
     */
    public float[][] run(List<EncodedText> batch) throws OrtException {
        BatchTensors memory = Objects.requireNonNullElseGet(free.poll(), BatchTensors::new);
        try {
            return run(batch, memory);
        } finally {
            free.add(memory);
        }
    }

    private float[][] run(List<EncodedText> batch, BatchTensors memory) throws OrtException {
        List<EncodedText> rows = inExamples(batch);
        memory.fill(rows, padId, left);
        int length = BatchTensors.length(batch);
        Map<String, OnnxTensor> outputs = memory.outputs(task.outputs(), outputShape(rows.size(), length));
        try {
            Map<String, OnnxTensor> inputs = memory.inputs(session.getInputNames(), inputShape(rows.size(), length));
            try {
                session.run(inputs, Set.of(), outputs).close();
                return memory.rows(batch, task, left);
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        } finally {
            outputs.values().forEach(OnnxTensor::close);
        }
    }

    /** With the last text again as often as a graph with a fixed number of choices needs. */
    private List<EncodedText> inExamples(List<EncodedText> batch) {
        if (choices <= 1 || batch.size() % choices == 0) {
            return batch;
        }
        List<EncodedText> rows = new ArrayList<>(batch);
        while (rows.size() % choices != 0) {
            rows.add(batch.get(batch.size() - 1));
        }
        return rows;
    }

    private long[] inputShape(int texts, int length) {
        return choices == 0 ? new long[] {texts, length} : new long[] {texts / choices, choices, length};
    }

    private long[] outputShape(int texts, int length) {
        return choices == 0
                ? task.output().of(texts, length, labels)
                : new long[] {texts / choices, (long) choices * task.output().of(1, length, labels)[1]};
    }

    /** Fills up the shorter rows of batches on the left from now on. */
    void fillLeft() {
        left = true;
    }

    /**
     * Whether texts that are filled up on the left get what they get alone: where tokenizer_config.json wants that side, a
     * graph whose positions move with the filling must have it on the right all the same.
     *
     * @param texts one of each length
     */
    boolean prefersLeft(IntFunction<EncodedText> texts) {
        List<EncodedText> batch = List.of(texts.apply(2 * TOKENS), texts.apply(TOKENS));
        boolean before = left;
        try {
            float[] alone = run(batch.subList(1, 2))[0];
            left = false;
            double right = distance(alone, run(batch)[1]);
            left = true;
            return distance(alone, run(batch)[1]) <= right;
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot run it: " + reason(e), e);
        } finally {
            left = before;
        }
    }

    private static double distance(float[] one, float[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> Math.abs(one[i] - other[i]))
                .max()
                .orElse(0);
    }

    /**
     * Refuses a file whose inputs and outputs are not those of its task.
     *
     * @param texts one of each length to try it with
     */
    void requireFits(IntFunction<EncodedText> texts) {
        Set<String> names = session.getInputNames();
        if (!INPUTS.containsAll(names) || !names.containsAll(NEEDED) || !givesOutputs()) {
            throw new OrtuneException(file + ": takes " + Printable.of(names + " and gives " + session.getOutputNames())
                    + ", which is no model for " + task.pipelineTag());
        }
        try {
            // The second is filled up, so that the id for it is tried, too.
            for (String output : task.outputs()) {
                requireShape(output, shape(output, List.of(texts.apply(TOKENS), texts.apply(TOKENS - 1))));
            }
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot run it: " + reason(e), e);
        }
    }

    private boolean givesOutputs() {
        return session.getOutputNames().containsAll(task.outputs());
    }

    /** Of two texts of {@link #TOKENS} tokens. */
    private void requireShape(String output, long[] shape) {
        int texts =
                inExamples(List.of(EncodedText.zeros(1), EncodedText.zeros(1))).size();
        long[] expected = outputShape(texts, TOKENS);
        if (!task.output().isOfLabels()) {
            if (!Arrays.equals(shape, expected)) {
                throw new OrtuneException(file + ": gives " + output + " of shape " + Arrays.toString(shape)
                        + " for texts of " + Arrays.toString(inputShape(texts, TOKENS)) + " tokens, not "
                        + Arrays.toString(expected));
            }
            return;
        }
        if (shape.length != expected.length && (shape.length == 3 || expected.length == 3)) {
            throw new OrtuneException(file + ": gives logits for each " + (shape.length == 3 ? "token" : "text")
                    + ", but config.json says that it is for " + task.pipelineTag());
        }
        long rows = Arrays.stream(expected, 0, expected.length - 1).reduce(1, Math::multiplyExact);
        long found = Arrays.stream(shape).reduce(1, Math::multiplyExact) / rows;
        if (found != labels) {
            throw new OrtuneException(
                    file + ": gives " + found + " logits, but config.json names " + labels + " labels");
        }
        if (!Arrays.equals(shape, expected)) {
            throw new OrtuneException(file + ": gives logits of shape " + Arrays.toString(shape) + " for two texts of "
                    + TOKENS + " tokens, not " + Arrays.toString(expected));
        }
    }

    /** Without the place in ONNX Runtime's own source, which comes before what went wrong. */
    private static String reason(OrtException e) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        return Printable.of(first.replaceFirst("^Error code - \\w+ - message: ", "")
                .replaceFirst("^Load model from .*? failed:", "")
                .replaceFirst("^\\S+:\\d+ [\\w:~]+\\([^)]*\\) (?:const )?", ""));
    }

    /** Of the logits that the file gives; a run that is not told. */
    private long[] shape(String output, List<EncodedText> batch) throws OrtException {
        BatchTensors memory = new BatchTensors();
        List<EncodedText> rows = inExamples(batch);
        memory.fill(rows, padId, left);
        Map<String, OnnxTensor> inputs =
                memory.inputs(session.getInputNames(), inputShape(rows.size(), BatchTensors.length(batch)));
        try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
            if (!(result.get(0) instanceof OnnxTensor logits) || logits.getInfo().type != OnnxJavaType.FLOAT) {
                throw new OrtException("its " + output + " are no tensor of floats");
            }
            return logits.getInfo().getShape();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OrtuneException(file + ": the session cannot be closed: " + e.getMessage(), e);
        }
    }
}

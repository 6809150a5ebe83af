package dev.ortune.server.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.Printable;
import dev.ortune.server.device.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A file in ONNX Runtime. Safe for several threads at once. */
public final class Session implements AutoCloseable {
    private final Path file;
    private final OrtSession session;
    private final long padId;
    private final int labels;
    private final Queue<BatchTensors> free = new ConcurrentLinkedQueue<>();

    private Session(Path file, OrtSession session, long padId, int labels) {
        this.file = file;
        this.session = session;
        this.padId = padId;
        this.labels = labels;
    }

    /**
     * Loads a model's file.
     *
     * @param device where it runs
     * @param threads that share the work of one batch
     */
    public static Session open(ModelFolder model, Device device, int threads) {
        Path file = model.file();
        try (PrivateCopy copy = PrivateCopy.of(file, model.externalData());
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            device.addTo(options);
            options.setIntraOpNumThreads(threads);
            // What goes wrong is thrown in the same words; on standard error they would stand beside our own line.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // Within a run threads wait for each other in busy loops, which makes a single text's run a fifth shorter;
            // after it they must not, or they would take the processor from tokenising and from HTTP.
            options.addConfigEntry("session.force_spinning_stop", "1");
            OrtSession session =
                    OrtEnvironment.getEnvironment().createSession(copy.file().toString(), options);
            return new Session(file, session, model.padId(), model.labels().size());
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot load it: " + reason(e), e);
        }
    }

    /** The file. */
    Path file() {
        return file;
    }

    /** The logits of each text of a batch, {@code [size][labels]}. */
    public float[][] run(List<EncodedText> batch) throws OrtException {
        BatchTensors memory = Objects.requireNonNullElseGet(free.poll(), BatchTensors::new);
        try {
            return run(batch, memory);
        } finally {
            free.add(memory);
        }
    }

    private float[][] run(List<EncodedText> batch, BatchTensors memory) throws OrtException {
        memory.fill(batch, padId);
        try (OnnxTensor logits = memory.output(batch.size(), labels)) {
            Map<String, OnnxTensor> inputs =
                    memory.inputs(session.getInputNames(), batch.size(), BatchTensors.length(batch));
            try {
                session.run(inputs, Set.of(), Map.of(BatchTensors.OUTPUT, logits))
                        .close();
                return memory.rows(batch.size(), labels);
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }

    /** Refuses a file whose inputs, outputs or number of labels are not a classifier's. */
    void requireFits() {
        Set<String> known = Set.of("input_ids", "attention_mask", "token_type_ids");
        if (!known.containsAll(session.getInputNames())
                || !session.getOutputNames().contains("logits")) {
            throw new OrtuneException(
                    file + ": takes " + Printable.of(session.getInputNames() + " and gives " + session.getOutputNames())
                            + ", which is no text classifier");
        }
        try {
            // The second is filled up, so that the id for it is tried, too.
            long found = labelsOf(List.of(EncodedText.zeros(2), EncodedText.zeros(1)));
            if (found != labels) {
                throw new OrtuneException(
                        file + ": gives " + found + " logits, but config.json names " + labels + " labels");
            }
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot run it: " + reason(e), e);
        }
    }

    /** Without the place in ONNX Runtime's own source, which comes before what went wrong. */
    private static String reason(OrtException e) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        return Printable.of(first.replaceFirst("^Error code - \\w+ - message: ", "")
                .replaceFirst("^Load model from .*? failed:", "")
                .replaceFirst("^\\S+:\\d+ [\\w:~]+\\([^)]*\\) (?:const )?", ""));
    }

    /** How many logits the file gives of each text; a run that is not told. */
    private long labelsOf(List<EncodedText> batch) throws OrtException {
        BatchTensors memory = new BatchTensors();
        memory.fill(batch, padId);
        Map<String, OnnxTensor> inputs =
                memory.inputs(session.getInputNames(), batch.size(), BatchTensors.length(batch));
        try (OrtSession.Result result = session.run(inputs, Set.of(BatchTensors.OUTPUT))) {
            if (!(result.get(0) instanceof OnnxTensor logits) || logits.getInfo().type != OnnxJavaType.FLOAT) {
                throw new OrtException("its logits are no tensor of floats");
            }
            return logits.getInfo().getNumElements() / batch.size();
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

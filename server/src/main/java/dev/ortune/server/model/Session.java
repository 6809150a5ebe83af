package dev.ortune.server.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.Printable;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A file in ONNX Runtime. Safe for several threads at once. */
public final class Session implements AutoCloseable {
    private final Path file;
    private final OrtSession session;
    private final long padId;

    private Session(Path file, OrtSession session, long padId) {
        this.file = file;
        this.session = session;
        this.padId = padId;
    }

    /**
     * Loads a model's file.
     *
     * @param threads that share the work of one batch
     */
    public static Session open(ModelFolder model, int threads) {
        Path file = model.file();
        try (PrivateCopy copy = PrivateCopy.of(file, model.externalData());
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            // What goes wrong is thrown in the same words; on standard error they would stand beside our own line.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // Within a run threads wait for each other in busy loops, which makes a single text's run a fifth shorter;
            // after it they must not, or they would take the processor from tokenising and from HTTP.
            options.addConfigEntry("session.force_spinning_stop", "1");
            OrtSession session =
                    OrtEnvironment.getEnvironment().createSession(copy.file().toString(), options);
            return new Session(file, session, model.padId());
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot load it: " + reason(e), e);
        }
    }

    /** The logits of each text of a batch, {@code [size][labels]}. */
    public float[][] run(List<EncodedText> batch) throws OrtException {
        int length = batch.stream().mapToInt(EncodedText::length).max().orElse(0);
        long[] ids = new long[batch.size() * length];
        long[] types = new long[ids.length];
        long[] mask = new long[ids.length];
        Arrays.fill(ids, padId);
        for (int row = 0; row < batch.size(); row++) {
            EncodedText text = batch.get(row);
            System.arraycopy(text.ids(), 0, ids, row * length, text.length());
            System.arraycopy(text.typeIds(), 0, types, row * length, text.length());
            Arrays.fill(mask, row * length, row * length + text.length(), 1);
        }
        return run(
                Map.of("input_ids", ids, "token_type_ids", types, "attention_mask", mask),
                new long[] {batch.size(), length});
    }

    private float[][] run(Map<String, long[]> values, long[] shape) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        List<OnnxTensor> open = new ArrayList<>();
        try {
            for (String name : session.getInputNames()) {
                OnnxTensor tensor = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), LongBuffer.wrap(values.get(name)), shape);
                open.add(tensor);
                inputs.put(name, tensor);
            }
            try (OrtSession.Result result = session.run(inputs, Set.of("logits"))) {
                FloatBuffer logits = result.get(0) instanceof OnnxTensor tensor ? tensor.getFloatBuffer() : null;
                if (logits == null) {
                    throw new OrtException("its logits are no tensor of floats");
                }
                float[][] rows = new float[(int) shape[0]][logits.remaining() / (int) shape[0]];
                for (float[] row : rows) {
                    logits.get(row);
                }
                return rows;
            }
        } finally {
            open.forEach(OnnxTensor::close);
        }
    }

    /** Refuses a file whose inputs, outputs or number of labels are not a classifier's. */
    void requireFits(int labels) {
        Set<String> known = Set.of("input_ids", "attention_mask", "token_type_ids");
        if (!known.containsAll(session.getInputNames())
                || !session.getOutputNames().contains("logits")) {
            throw new OrtuneException(
                    file + ": takes " + Printable.of(session.getInputNames() + " and gives " + session.getOutputNames())
                            + ", which is no text classifier");
        }
        try {
            // The second is filled up, so that the id for it is tried, too.
            long[] two = {0, 0};
            long[] one = {0};
            int found = run(List.of(new EncodedText(two, two), new EncodedText(one, one)))[0].length;
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

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OrtuneException(file + ": the session cannot be closed: " + e.getMessage(), e);
        }
    }
}

package dev.ortune.predictor.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A file that tells next tokens in ONNX Runtime, with the names that Optimum and transformers.js give its inputs and outputs. */
final class DecoderSession implements AutoCloseable {
    static final String IDS = "input_ids";
    static final String LOGITS = "logits";
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";

    private final Path file;
    private final OrtSession session;
    /** The names of inputs for keys and values; none where the file takes the whole text each time. */
    private final List<String> past = new ArrayList<>();

    /**
     * Of a session, which is closed with it.
     *
     * @param known the names of inputs beside keys and values that it may have
     * @throws OrtuneException when it has other inputs or outputs than such a decoder
     */
    DecoderSession(Path file, OrtSession session, Set<String> known) {
        this.file = file;
        this.session = session;
        Set<String> others = new HashSet<>(session.getInputNames());
        others.removeAll(known);
        for (String name : others) {
            if (!name.startsWith(PAST) || !session.getOutputNames().contains(present(name))) {
                throw new OrtuneException(file + ": takes " + Printable.of(name) + ", which is no input of a decoder");
            }
            past.add(name);
        }
        if (!session.getInputNames().contains(IDS) || !session.getOutputNames().contains(LOGITS)) {
            throw new OrtuneException(file + ": takes no " + IDS + " or gives no " + LOGITS);
        }
    }

    private static String present(String name) {
        return PRESENT + name.substring(PAST.length());
    }

    /** Whether it gets keys and values of tokens before back. */
    boolean keeps() {
        return !past.isEmpty();
    }

    boolean takes(String name) {
        return session.getInputNames().contains(name);
    }

    /** The outputs with keys and values, of those inputs alone that fit. */
    Set<String> presents(Predicate<String> which) {
        Set<String> names = new HashSet<>();
        past.stream().filter(which).forEach(name -> names.add(present(name)));
        return names;
    }

    /** What a result has of keys and values, by the inputs that take it. */
    Map<String, OnnxTensor> kept(OrtSession.Result result, Predicate<String> which) {
        Map<String, OnnxTensor> kept = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            String name =
                    output.getKey().startsWith(PRESENT) ? PAST + output.getKey().substring(PRESENT.length()) : "";
            if (past.contains(name) && which.test(name)) {
                kept.put(name, (OnnxTensor) output.getValue());
            }
        }
        return kept;
    }

    /**
     * Runs it.
     *
     * @param all what there is of inputs; those that it does not take are left out, keys and values that are missing are of no tokens
     * @param rows of a batch
     * @param outputs that are asked for
     */
    OrtSession.Result run(Map<String, OnnxTensor> all, int rows, Set<String> outputs) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>(all);
        inputs.keySet().retainAll(session.getInputNames());
        List<OnnxTensor> own = new ArrayList<>();
        try {
            for (String name : past) {
                if (!inputs.containsKey(name)) {
                    OnnxTensor none = nothing(name, rows);
                    own.add(none);
                    inputs.put(name, none);
                }
            }
            return session.run(inputs, outputs);
        } finally {
            own.forEach(OnnxTensor::close);
        }
    }

    /** Keys or values of no tokens. */
    private OnnxTensor nothing(String name, int rows) throws OrtException {
        NodeInfo info = session.getInputInfo().get(name);
        TensorInfo tensor = (TensorInfo) info.getInfo();
        long[] shape = tensor.getShape().clone();
        if (shape.length != 4 || shape[1] < 1 || shape[3] < 1) {
            throw new OrtException("its input " + name + " is not [batch, heads, past, head size]");
        }
        shape[0] = rows;
        shape[2] = 0;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        return tensor.type == OnnxJavaType.FLOAT
                ? OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape)
                : OnnxTensor.createTensor(environment, ByteBuffer.allocateDirect(0), shape, tensor.type);
    }

    /** Of each row the logits of what comes next. */
    static float[][] last(OrtSession.Result result) {
        OnnxTensor tensor = (OnnxTensor) result.get(LOGITS).orElseThrow();
        long[] shape = tensor.getInfo().getShape();
        FloatBuffer all = tensor.getFloatBuffer();
        float[][] rows = new float[(int) shape[0]][(int) shape[2]];
        int each = all.remaining() / rows.length;
        for (int row = 0; row < rows.length; row++) {
            all.position((row + 1) * each - rows[row].length);
            all.get(rows[row]);
        }
        return rows;
    }

    /** Whole numbers, {@code [rows, columns]}. */
    static OnnxTensor tensor(long[] values, int rows) throws OrtException {
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {
            rows, rows == 0 ? 0 : values.length / rows
        });
    }

    /** One that is true or not, {@code [1]}. */
    static OnnxTensor tensor(boolean value) throws OrtException {
        ByteBuffer one = ByteBuffer.allocateDirect(1).order(ByteOrder.nativeOrder());
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                one.put((byte) (value ? 1 : 0)).flip(),
                new long[] {1},
                OnnxJavaType.BOOL);
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

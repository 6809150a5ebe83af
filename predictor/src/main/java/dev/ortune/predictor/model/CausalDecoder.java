package dev.ortune.predictor.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.Printable;
import dev.ortune.predictor.generation.TextDecoder;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A decoder that goes on with a text, as Optimum and transformers.js name its inputs and outputs: of tokens before it gets their
 * keys and values back, which stay where ONNX Runtime put them. A file without such inputs gets the whole text each time.
 */
final class CausalDecoder implements TextDecoder {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String POSITIONS = "position_ids";
    private static final String LOGITS = "logits";
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";

    private final Path file;
    private final OrtSession session;
    private final int maxLength;
    /** The names of inputs for keys and values; none where the file takes the whole text each time. */
    private final List<String> past = new ArrayList<>();

    private CausalDecoder(Path file, OrtSession session, int maxLength) {
        this.file = file;
        this.session = session;
        this.maxLength = maxLength;
    }

    /**
     * Of a session, which is closed with it.
     *
     * @param maxLength the most tokens of a text
     * @throws OrtuneException when it has other inputs or outputs than such a decoder
     */
    static CausalDecoder of(Path file, OrtSession session, int maxLength) {
        CausalDecoder decoder = new CausalDecoder(file, session, maxLength);
        Set<String> others = new HashSet<>(session.getInputNames());
        others.removeAll(Set.of(IDS, MASK, POSITIONS));
        for (String name : others) {
            if (!name.startsWith(PAST) || !session.getOutputNames().contains(PRESENT + name.substring(PAST.length()))) {
                throw new OrtuneException(file + ": takes " + Printable.of(name) + ", which is no input of a decoder");
            }
            decoder.past.add(name);
        }
        if (!session.getInputNames().contains(IDS) || !session.getOutputNames().contains(LOGITS)) {
            throw new OrtuneException(file + ": takes no " + IDS + " or gives no " + LOGITS);
        }
        return decoder;
    }

    @Override
    public int room(int promptTokens) {
        return maxLength - promptTokens;
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public Text begin(long[] prompt) throws OrtException {
        Growing text = new Growing();
        try {
            text.begin(prompt);
            return text;
        } catch (OrtException | RuntimeException e) {
            text.close();
            throw e;
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

    /** A text with the keys and values of its tokens. */
    private final class Growing implements Text {
        private final List<Long> tokens = new ArrayList<>();
        private float[] logits = {};
        /** What the last run gave: its keys and values are the next one's. */
        private OrtSession.Result last;

        /** All but the last at once without their logits, which are many and of no use; then the last. */
        private void begin(long[] prompt) throws OrtException {
            for (long token : prompt) {
                tokens.add(token);
            }
            if (past.isEmpty()) {
                run(0, Set.of(LOGITS));
                return;
            }
            if (prompt.length > 1) {
                List<Long> all = List.copyOf(tokens);
                tokens.remove(tokens.size() - 1);
                run(0, presents());
                tokens.add(all.get(all.size() - 1));
            }
            run(prompt.length - 1, session.getOutputNames());
        }

        private Set<String> presents() {
            Set<String> names = new HashSet<>(session.getOutputNames());
            names.remove(LOGITS);
            return names;
        }

        @Override
        public void add(long token) throws OrtException {
            tokens.add(token);
            run(past.isEmpty() ? 0 : tokens.size() - 1, session.getOutputNames());
        }

        /** Runs the tokens from one on. */
        private void run(int from, Set<String> outputs) throws OrtException {
            Map<String, OnnxTensor> own = new HashMap<>();
            try {
                Map<String, OnnxTensor> inputs = new HashMap<>();
                texts(from, own);
                inputs.putAll(own);
                for (String name : past) {
                    inputs.put(name, last == null ? nothing(name, own) : kept(name));
                }
                OrtSession.Result result = session.run(inputs, outputs);
                close();
                last = result;
                if (outputs.contains(LOGITS)) {
                    logits = lastLogits((OnnxTensor) result.get(LOGITS).orElseThrow());
                }
            } finally {
                own.values().forEach(OnnxTensor::close);
            }
        }

        private OnnxTensor kept(String name) {
            return (OnnxTensor)
                    last.get(PRESENT + name.substring(PAST.length())).orElseThrow();
        }

        private void texts(int from, Map<String, OnnxTensor> inputs) throws OrtException {
            int count = tokens.size() - from;
            long[] ids = new long[count];
            long[] places = new long[count];
            long[] mask = new long[tokens.size()];
            for (int i = 0; i < count; i++) {
                ids[i] = tokens.get(from + i);
                places[i] = (long) from + i;
            }
            Arrays.fill(mask, 1);
            put(inputs, IDS, ids);
            put(inputs, MASK, mask);
            put(inputs, POSITIONS, places);
        }

        private void put(Map<String, OnnxTensor> inputs, String name, long[] values) throws OrtException {
            if (session.getInputNames().contains(name)) {
                inputs.put(
                        name,
                        OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {1, values.length
                                }));
            }
        }

        /** Keys or values of no tokens. */
        private OnnxTensor nothing(String name, Map<String, OnnxTensor> own) throws OrtException {
            NodeInfo info = session.getInputInfo().get(name);
            TensorInfo tensor = (TensorInfo) info.getInfo();
            long[] shape = tensor.getShape().clone();
            if (shape.length != 4 || shape[1] < 1 || shape[3] < 1) {
                throw new OrtException("its input " + name + " is not [batch, heads, past, head size]");
            }
            shape[0] = 1;
            shape[2] = 0;
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OnnxTensor none = tensor.type == OnnxJavaType.FLOAT
                    ? OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape)
                    : OnnxTensor.createTensor(environment, ByteBuffer.allocateDirect(0), shape, tensor.type);
            own.put(name, none);
            return none;
        }

        private float[] lastLogits(OnnxTensor tensor) {
            FloatBuffer all = tensor.getFloatBuffer();
            int vocab = (int) tensor.getInfo().getShape()[2];
            float[] row = new float[vocab];
            all.position(all.limit() - vocab);
            all.get(row);
            return row;
        }

        @Override
        public float[] logits() {
            return logits;
        }

        @Override
        public void close() {
            if (last != null) {
                last.close();
                last = null;
            }
        }
    }
}

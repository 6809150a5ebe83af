package dev.ortune.exporter.verify;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.exporter.OrtuneException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file that takes keys and values of tokens before: the texts of a batch are read at once, behind no tokens, and a text that comes
 * alone in two halves, the second behind the keys and values of the first.
 *
 * @param session of the file, all of whose weights are inside
 */
record GrowingRun(Path file, OrtSession session) {
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";
    private static final String LOGITS = "logits";

    /** Whether a session has such inputs. */
    static boolean isOf(OrtSession session) {
        return session.getInputNames().stream().anyMatch(name -> name.startsWith(PAST));
    }

    /** The logits of all tokens. */
    Map<String, ModelOutput> outputs(TextBatch batch) {
        int half = batch.size() == 1 ? batch.length() / 2 : 0;
        try (Part first = new Part(batch, 0, half == 0 ? batch.length() : half)) {
            first.run(null);
            if (half == 0) {
                return logits(batch, first.logits());
            }
            try (Part second = new Part(batch, half, batch.length())) {
                second.run(first);
                FloatBuffer before = first.logits();
                FloatBuffer after = second.logits();
                FloatBuffer both = FloatBuffer.allocate(before.remaining() + after.remaining());
                return logits(batch, both.put(before).put(after).flip());
            }
        } catch (OrtException e) {
            throw new OrtuneException(
                    file + ": fails on a batch of " + batch.size() + " x " + batch.length() + " tokens: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Map<String, ModelOutput> logits(TextBatch batch, FloatBuffer values) {
        long width = values.remaining() / ((long) batch.size() * batch.length());
        long[] shape = {batch.size(), batch.length(), width};
        return Map.of(LOGITS, ModelOutput.of(values, shape, true, batch));
    }

    /** The tokens of all texts from one place to another. */
    private final class Part implements AutoCloseable {
        private final TextBatch batch;
        private final int from;
        private final int to;
        private final Map<String, OnnxTensor> own = new LinkedHashMap<>();
        private OrtSession.Result result;

        Part(TextBatch batch, int from, int to) {
            this.batch = batch;
            this.from = from;
            this.to = to;
        }

        /** @param before has the tokens before; null where there are none */
        void run(Part before) throws OrtException {
            put("input_ids", from, columns(batch.inputIds(), from));
            put("attention_mask", 0, columns(batch.attentionMask(), 0));
            long[] places = new long[batch.size() * (to - from)];
            Arrays.setAll(places, i -> from + i % (to - from));
            put("position_ids", from, places);
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>(own);
            for (String name : session.getInputNames()) {
                if (name.startsWith(PAST)) {
                    inputs.put(name, before == null ? nothing(name) : before.present(name));
                }
            }
            result = session.run(inputs);
        }

        private long[] columns(long[] all, int begin) {
            long[] some = new long[batch.size() * (to - begin)];
            for (int i = 0; i < some.length; i++) {
                some[i] = all[i / (to - begin) * batch.length() + begin + i % (to - begin)];
            }
            return some;
        }

        private void put(String name, int begin, long[] values) throws OrtException {
            if (session.getInputNames().contains(name)) {
                long[] shape = {batch.size(), (long) to - begin};
                own.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), shape));
            }
        }

        private OnnxTensor nothing(String name) throws OrtException {
            NodeInfo info = session.getInputInfo().get(name);
            long[] shape = ((TensorInfo) info.getInfo()).getShape().clone();
            shape[0] = batch.size();
            shape[2] = 0;
            OnnxTensor none = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.allocate(0), shape);
            own.put(name, none);
            return none;
        }

        private OnnxTensor present(String past) {
            return (OnnxTensor)
                    result.get(PRESENT + past.substring(PAST.length())).orElseThrow();
        }

        FloatBuffer logits() {
            return ((OnnxTensor) result.get(LOGITS).orElseThrow()).getFloatBuffer();
        }

        @Override
        public void close() {
            own.values().forEach(OnnxTensor::close);
            if (result != null) {
                result.close();
            }
        }
    }
}

package dev.ortune.trainer.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.runtime.Device;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes after texts, of a batch side by side: of each place the likeliest token, with keys and values of those before kept. A
 * model folder's {@code encoder_graph.onnx} and {@code decoder_merged_graph.onnx} with the weights of {@code model.safetensors}.
 * One thread at a time.
 */
final class TextWriter implements AutoCloseable {
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";
    private static final String STATES = "encoder_hidden_states";

    private final Part encoder;
    private final Part decoder;
    private final long start;
    private final long end;

    private TextWriter(Part encoder, Part decoder, long start, long end) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.start = start;
        this.end = end;
    }

    /**
     * Opens a model's folder.
     *
     * @param threads CPU threads; 0 for one a core
     */
    static TextWriter open(PretrainedModel model, int threads, Device device) {
        Part encoder = Part.of(model, "encoder_graph.onnx", threads, device);
        try {
            Part decoder = Part.of(model, "decoder_merged_graph.onnx", threads, device);
            return new TextWriter(
                    encoder,
                    decoder,
                    model.configJson().path("decoder_start_token_id").asLong(0),
                    model.configJson().path("eos_token_id").asLong(1));
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    /** A graph in a session, which needs its weights as long as it lives. */
    private record Part(Path file, ConstantWeights weights, OrtSession session) implements AutoCloseable {
        static Part of(PretrainedModel model, String name, int threads, Device device) {
            Path file = model.folder().resolve(name);
            try (OrtSession.SessionOptions options = TrainedModel.options(threads, device)) {
                ConstantWeights weights = ConstantWeights.of(file, model.weights());
                try {
                    return new Part(file, weights, weights.session(options));
                } catch (OrtException | RuntimeException e) {
                    weights.close();
                    throw e;
                }
            } catch (OrtException e) {
                throw failed(file, e);
            }
        }

        /** Of what there is that which the graph takes. */
        OrtSession.Result run(Map<String, OnnxTensor> all) {
            Map<String, OnnxTensor> inputs = new HashMap<>(all);
            inputs.keySet().retainAll(session.getInputNames());
            try {
                return session.run(inputs);
            } catch (OrtException e) {
                throw failed(file, e);
            }
        }

        static OrtuneException failed(Path file, OrtException e) {
            return new OrtuneException(
                    file + ": ONNX Runtime cannot run it: " + Printable.of(String.valueOf(e.getMessage())), e);
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw failed(file, e);
            } finally {
                weights.close();
            }
        }
    }

    /**
     * What follows each text of a batch.
     *
     * @param most tokens, the end included
     * @return the tokens of each, without the end
     */
    List<long[]> write(Batch batch, int most) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        List<AutoCloseable> open = new ArrayList<>();
        try {
            OnnxTensor mask = kept(open, longs(batch.attentionMask(), batch.size(), batch.length()));
            inputs.put("input_ids", kept(open, longs(batch.inputIds(), batch.size(), batch.length())));
            inputs.put("attention_mask", mask);
            inputs.put("encoder_attention_mask", mask);
            OrtSession.Result read = encoder.run(inputs);
            open.add(read);
            inputs.put(STATES, (OnnxTensor) read.get("last_hidden_state").orElseThrow());
            for (String name : decoder.session().getInputNames()) {
                if (name.startsWith(PAST)) {
                    inputs.put(name, kept(open, nothing(name, batch.size())));
                }
            }
            return written(batch.size(), most, inputs);
        } catch (OrtException e) {
            throw Part.failed(decoder.file(), e);
        } finally {
            open.forEach(TextWriter::close);
        }
    }

    private List<long[]> written(int size, int most, Map<String, OnnxTensor> inputs) throws OrtException {
        long[][] tokens = new long[size][most];
        int[] counts = new int[size];
        boolean[] ended = new boolean[size];
        long[] next = new long[size];
        Arrays.fill(next, start);
        OrtSession.Result last = null;
        try {
            for (int place = 0; place < most && !all(ended); place++) {
                OrtSession.Result result;
                try (OnnxTensor ids = longs(next, size, 1)) {
                    inputs.put("input_ids", ids);
                    result = decoder.run(inputs);
                }
                close(last);
                last = result;
                keep(result, inputs);
                FloatBuffer logits = ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
                float[] row = new float[logits.remaining() / size];
                for (int text = 0; text < size; text++) {
                    logits.get(row);
                    next[text] = NextTokens.likeliest(row);
                    ended[text] |= next[text] == end;
                    if (!ended[text]) {
                        tokens[text][counts[text]++] = next[text];
                    }
                }
            }
        } finally {
            close(last);
        }
        List<long[]> written = new ArrayList<>();
        for (int text = 0; text < size; text++) {
            written.add(Arrays.copyOf(tokens[text], counts[text]));
        }
        return written;
    }

    /** The keys and values of a run are what the next one takes. */
    private static void keep(OrtSession.Result result, Map<String, OnnxTensor> inputs) {
        for (Map.Entry<String, OnnxValue> output : result) {
            if (output.getKey().startsWith(PRESENT)) {
                inputs.put(PAST + output.getKey().substring(PRESENT.length()), (OnnxTensor) output.getValue());
            }
        }
    }

    private static boolean all(boolean[] values) {
        for (boolean value : values) {
            if (!value) {
                return false;
            }
        }
        return true;
    }

    private OnnxTensor nothing(String name, int size) throws OrtException {
        TensorInfo info =
                (TensorInfo) decoder.session().getInputInfo().get(name).getInfo();
        long[] shape = {size, info.getShape()[1], 0, info.getShape()[3]};
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.allocate(0), shape);
    }

    private static OnnxTensor longs(long[] values, int rows, int columns) throws OrtException {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {rows, columns});
    }

    private static OnnxTensor kept(List<AutoCloseable> open, OnnxTensor tensor) {
        open.add(tensor);
        return tensor;
    }

    private static void close(AutoCloseable what) {
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("tensors and results close without a word", e);
        }
    }

    @Override
    public void close() {
        try {
            decoder.close();
        } finally {
            encoder.close();
        }
    }
}

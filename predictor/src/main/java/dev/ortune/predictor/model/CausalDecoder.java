package dev.ortune.predictor.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.predictor.generation.TextDecoder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A decoder that goes on with a text: of tokens before it gets their keys and values back. A file without such inputs gets the whole
 * text each time.
 */
final class CausalDecoder implements TextDecoder {
    private static final String MASK = "attention_mask";
    private static final String POSITIONS = "position_ids";

    private final DecoderSession session;
    private final int maxLength;

    private CausalDecoder(DecoderSession session, int maxLength) {
        this.session = session;
        this.maxLength = maxLength;
    }

    /**
     * Of a session, which is closed with it.
     *
     * @param maxLength the most tokens of a text
     * @throws dev.ortune.predictor.OrtuneException when it has other inputs or outputs than such a decoder
     */
    static CausalDecoder of(Path file, OrtSession session, int maxLength) {
        return new CausalDecoder(
                new DecoderSession(file, session, Set.of(DecoderSession.IDS, MASK, POSITIONS)), maxLength);
    }

    @Override
    public int room(int promptTokens) {
        return maxLength - promptTokens;
    }

    @Override
    public long[] before(long[] prompt) {
        return prompt;
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
        session.close();
    }

    /** A text with the keys and values of its tokens. */
    private final class Growing implements Text {
        /** {@code [rows][tokens]} */
        private long[][] tokens = {};

        private float[][] logits = {};
        private final KeptTensors kept = new KeptTensors();

        /** All but the last at once without their logits, which are many and of no use; then the last. */
        private void begin(long[] prompt) throws OrtException {
            tokens = new long[][] {prompt};
            if (!session.keeps()) {
                run(0, prompt.length, Set.of(DecoderSession.LOGITS));
                return;
            }
            if (prompt.length > 1) {
                run(0, prompt.length - 1, session.presents(name -> true));
            }
            run(prompt.length - 1, prompt.length, all());
        }

        private Set<String> all() {
            Set<String> outputs = new HashSet<>(session.presents(name -> true));
            outputs.add(DecoderSession.LOGITS);
            return outputs;
        }

        @Override
        public void add(int[] rows, long[] added) throws OrtException {
            long[][] next = new long[rows.length][];
            for (int row = 0; row < rows.length; row++) {
                long[] before = tokens[rows[row]];
                next[row] = Arrays.copyOf(before, before.length + 1);
                next[row][before.length] = added[row];
            }
            tokens = next;
            kept.pick(rows);
            int length = tokens[0].length;
            run(session.keeps() ? length - 1 : 0, length, all());
        }

        /** Runs the tokens from one place to another. */
        private void run(int from, int to, Set<String> outputs) throws OrtException {
            Map<String, OnnxTensor> own = new HashMap<>();
            try {
                own.putAll(texts(from, to));
                Map<String, OnnxTensor> inputs = new HashMap<>(own);
                inputs.putAll(kept.tensors());
                OrtSession.Result result = session.run(inputs, tokens.length, outputs);
                kept.keep(session.kept(result, name -> true), result);
                if (outputs.contains(DecoderSession.LOGITS)) {
                    logits = DecoderSession.last(result);
                }
            } finally {
                own.values().forEach(OnnxTensor::close);
            }
        }

        private Map<String, OnnxTensor> texts(int from, int to) throws OrtException {
            int count = to - from;
            long[] ids = new long[tokens.length * count];
            long[] places = new long[ids.length];
            long[] mask = new long[tokens.length * to];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = tokens[i / count][from + i % count];
                places[i] = (long) from + i % count;
            }
            Arrays.fill(mask, 1);
            return Map.of(
                    DecoderSession.IDS,
                    DecoderSession.tensor(ids, tokens.length),
                    MASK,
                    DecoderSession.tensor(mask, tokens.length),
                    POSITIONS,
                    DecoderSession.tensor(places, tokens.length));
        }

        @Override
        public float[][] logits() {
            return logits;
        }

        @Override
        public void close() {
            kept.close();
        }
    }
}

package dev.ortune.predictor.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.generation.TextDecoder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A decoder that writes after what an encoder has read, as Optimum's {@code encoder_model.onnx} and {@code decoder_model_merged.onnx}
 * are: the encoder's keys and values are computed once, the decoder's grow.
 */
final class EncoderDecoder implements TextDecoder {
    private static final String MASK = "attention_mask";
    private static final String ENCODER_MASK = "encoder_attention_mask";
    private static final String STATES = "encoder_hidden_states";
    private static final String READ = "last_hidden_state";
    private static final String OF_ENCODER = ".encoder.";
    /** Of Optimum's files, which have a branch each for the first token and for those after it. */
    private static final String BRANCH = "use_cache_branch";

    private final Path encoderFile;
    private final OrtSession encoder;
    private final DecoderSession decoder;
    private final long start;
    private final int maxLength;

    private EncoderDecoder(Path encoderFile, OrtSession encoder, DecoderSession decoder, long start, int maxLength) {
        this.encoderFile = encoderFile;
        this.encoder = encoder;
        this.decoder = decoder;
        this.start = start;
        this.maxLength = maxLength;
    }

    /** A file and the session that it is loaded in. */
    record Loaded(Path file, OrtSession session) {}

    /**
     * Of two sessions, which are closed with it.
     *
     * @param start what a text begins with
     * @param maxLength the most tokens that are read, and the most that are written
     * @throws OrtuneException when they have other inputs or outputs than such models
     */
    static EncoderDecoder of(Loaded encoder, Loaded decoder, long start, int maxLength) {
        if (!Set.of(DecoderSession.IDS, MASK).containsAll(encoder.session().getInputNames())
                || !encoder.session().getOutputNames().contains(READ)) {
            throw new OrtuneException(encoder.file() + ": is no encoder, which takes " + DecoderSession.IDS + " and "
                    + MASK + " and gives " + READ);
        }
        DecoderSession session = new DecoderSession(
                decoder.file(), decoder.session(), Set.of(DecoderSession.IDS, ENCODER_MASK, STATES, BRANCH));
        if (!session.keeps() || !session.takes(STATES)) {
            throw new OrtuneException(
                    decoder.file() + ": takes no " + STATES + ", or no keys and values of tokens before");
        }
        return new EncoderDecoder(encoder.file(), encoder.session(), session, start, maxLength);
    }

    @Override
    public int room(int promptTokens) {
        return promptTokens > maxLength ? 0 : maxLength;
    }

    @Override
    public long[] before(long[] prompt) {
        return new long[] {start};
    }

    @Override
    public Text begin(long[] prompt) throws OrtException {
        Written text = new Written(prompt.length);
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
            decoder.close();
            encoder.close();
        } catch (OrtException e) {
            throw new OrtuneException(encoderFile + ": the session cannot be closed: " + e.getMessage(), e);
        }
    }

    /** A text under way: what the encoder has made of the prompt, and the keys and values of what was written. */
    private final class Written implements Text {
        private final int promptTokens;
        /** The same for all rows. */
        private final KeptTensors states = new KeptTensors();

        private final KeptTensors read = new KeptTensors();
        private final KeptTensors written = new KeptTensors();
        private float[][] logits = {};

        Written(int promptTokens) {
            this.promptTokens = promptTokens;
        }

        private void begin(long[] prompt) throws OrtException {
            try (OnnxTensor ids = DecoderSession.tensor(prompt, 1);
                    OnnxTensor mask = mask(1)) {
                Map<String, OnnxTensor> inputs = new HashMap<>(Map.of(DecoderSession.IDS, ids, MASK, mask));
                inputs.keySet().retainAll(encoder.getInputNames());
                OrtSession.Result result = encoder.run(inputs, Set.of(READ));
                states.keep(Map.of(STATES, (OnnxTensor) result.get(READ).orElseThrow()), result);
            }
            run(new long[] {start});
        }

        private OnnxTensor mask(int rows) throws OrtException {
            long[] ones = new long[rows * promptTokens];
            Arrays.fill(ones, 1);
            return DecoderSession.tensor(ones, rows);
        }

        @Override
        public void add(int[] rows, long[] tokens) throws OrtException {
            // First, since what was kept of the first token lies beside what was read.
            written.pick(rows);
            states.repeat(rows.length);
            read.repeat(rows.length);
            run(tokens);
        }

        /** Runs a token a row. */
        private void run(long[] tokens) throws OrtException {
            boolean first = read.isEmpty();
            Set<String> outputs = new HashSet<>(decoder.presents(name -> first || !name.contains(OF_ENCODER)));
            outputs.add(DecoderSession.LOGITS);
            try (OnnxTensor ids = DecoderSession.tensor(tokens, tokens.length);
                    OnnxTensor mask = mask(tokens.length);
                    OnnxTensor branch = DecoderSession.tensor(!first)) {
                Map<String, OnnxTensor> inputs =
                        new HashMap<>(Map.of(DecoderSession.IDS, ids, ENCODER_MASK, mask, BRANCH, branch));
                inputs.putAll(states.tensors());
                inputs.putAll(read.tensors());
                inputs.putAll(written.tensors());
                OrtSession.Result result = decoder.run(inputs, tokens.length, outputs);
                logits = DecoderSession.last(result);
                Map<String, OnnxTensor> grown = decoder.kept(result, name -> !name.contains(OF_ENCODER));
                if (first) {
                    // What it gave of the encoder stays to the end, and the little that it gave of the first token with
                    // it.
                    read.keep(decoder.kept(result, name -> name.contains(OF_ENCODER)), result);
                    written.keep(grown, null);
                } else {
                    written.keep(grown, result);
                }
            }
        }

        @Override
        public float[][] logits() {
            return logits;
        }

        @Override
        public void close() {
            written.close();
            read.close();
            states.close();
        }
    }
}

package dev.ortune.exporter.verify;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.weights.Safetensors;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a model writes after texts, token after token: the likeliest ones of its graphs and weights, and how far the logits of
 * exported files are from theirs on the same tokens; of the decoder without keys and values of tokens before, with them, and of the
 * merged one.
 */
public final class WriterVerifier {
    private static final int TEXTS = 40;
    private static final int TOKENS = 8;
    private static final long END = 1;
    private static final String LOGITS = "logits";
    private static final String STATES = "encoder_hidden_states";
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";

    private final EvaluationData data;
    private final int threads;
    private final List<Written> texts = new ArrayList<>();

    /**
     * A text and what was written after it.
     *
     * @param prompt what the encoder reads
     * @param tokens what the decoder reads, 0 first
     * @param logits of what comes after each of these
     */
    private record Written(long[] prompt, long[] tokens, float[][] logits) {}

    private WriterVerifier(EvaluationData data, int threads) {
        this.data = data;
        this.threads = threads;
    }

    /**
     * Has the source write.
     *
     * @param encoder its graph
     * @param decoder that of the decoder which takes no keys and values
     * @param weights model.safetensors
     * @param threads CPU threads; 0 for one a core
     */
    public static WriterVerifier of(
            Path encoder, Path decoder, Path weights, EvaluationData data, TextEncoder tokenizer, int threads) {
        WriterVerifier verifier =
                new WriterVerifier(data.first(Math.min(TEXTS, data.texts().size())), threads);
        try (Part reading = Part.of(encoder, threads, weights);
                Part writing = Part.of(decoder, threads, weights)) {
            for (EvaluationData.LabelledText text : verifier.data.texts()) {
                long[] prompt = tokenizer.encode(text).getIds();
                verifier.texts.add(written(reading, writing, prompt));
            }
        }
        return verifier;
    }

    private static Written written(Part encoder, Part decoder, long[] prompt) {
        List<Long> tokens = new ArrayList<>(List.of(0L));
        try (State state = new State(encoder, prompt)) {
            while (true) {
                long[] all = tokens.stream().mapToLong(Long::longValue).toArray();
                float[][] logits = state.run(decoder, all);
                long next = Verdict.largest(logits[logits.length - 1]);
                if (next == END || tokens.size() == TOKENS) {
                    return new Written(prompt, all, logits);
                }
                tokens.add(next);
            }
        }
    }

    /**
     * The figures of files, not yet judged.
     *
     * @param files by what their names begin with
     */
    public Verification verify(Function<String, Path> files) {
        double difference = 0;
        long count = 0;
        long equal = 0;
        try (Part encoder = Part.of(files.apply("encoder_model"), threads, null);
                Part first = Part.of(files.apply("decoder_model"), threads, null);
                Part next = Part.of(files.apply("decoder_with_past_model"), threads, null);
                Part merged = Part.of(files.apply("decoder_model_merged"), threads, null)) {
            for (Written text : texts) {
                List<float[][]> all = new ArrayList<>();
                try (State state = new State(encoder, text.prompt())) {
                    all.add(state.run(first, text.tokens()));
                }
                try (State state = new State(encoder, text.prompt())) {
                    all.add(state.each(first, next, text.tokens()));
                }
                try (State state = new State(encoder, text.prompt())) {
                    all.add(state.each(merged, merged, text.tokens()));
                }
                for (float[][] logits : all) {
                    for (int place = 0; place < logits.length; place++) {
                        difference = Math.max(difference, difference(text.logits()[place], logits[place]));
                        count++;
                        equal += Verdict.largest(text.logits()[place]) == Verdict.largest(logits[place]) ? 1 : 0;
                    }
                }
            }
        }
        return new Verification(
                new Verification.Texts(data.name(), texts.size()),
                difference,
                null,
                new Agreement(Agreement.Unit.TOKENS, count, (double) equal / Math.max(1, count)),
                null,
                null,
                null);
    }

    private static double difference(float[] expected, float[] actual) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double apart = Math.abs((double) expected[i] - actual[i]);
            largest = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(largest, apart);
        }
        return largest;
    }

    /** A file in a session. */
    private record Part(Path file, OrtSession session, Map<String, OnnxTensor> weights) implements AutoCloseable {
        /** @param weights the file of its other inputs; null where all are inside */
        static Part of(Path file, int threads, Path weights) {
            Map<String, OnnxTensor> tensors = new HashMap<>();
            try {
                Part part = new Part(file, ModelRun.session(file, threads), tensors);
                if (weights != null) {
                    Safetensors all = Safetensors.open(weights);
                    Graph graph = OnnxReader.read(file);
                    graph.inputs().forEach((name, type) -> {
                        if (type.shape().stream().allMatch(dim -> dim.fixed())) {
                            long[] shape = type.shape().stream()
                                    .mapToLong(dim -> dim.size())
                                    .toArray();
                            tensors.put(name, part.tensor(all.get(name, shape).floats(), shape));
                        }
                    });
                }
                return part;
            } catch (OrtException e) {
                throw failed(file, e);
            }
        }

        OnnxTensor tensor(FloatBuffer values, long... shape) {
            try {
                return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, shape);
            } catch (OrtException e) {
                throw failed(file, e);
            }
        }

        private static OrtuneException failed(Path file, OrtException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
            return new OrtuneException(file + ": ONNX Runtime cannot run it: " + Printable.of(reason), e);
        }

        @Override
        public void close() {
            weights.values().forEach(OnnxTensor::close);
            try {
                session.close();
            } catch (OrtException e) {
                throw failed(file, e);
            }
        }
    }

    /** A text that the encoder has read, and the keys and values of what the decoder has. */
    private static final class State implements AutoCloseable {
        private final Map<String, OnnxTensor> known = new LinkedHashMap<>();
        private final List<OrtSession.Result> results = new ArrayList<>();

        State(Part encoder, long[] prompt) {
            long[] mask = new long[prompt.length];
            Arrays.fill(mask, 1);
            put("input_ids", prompt);
            put("attention_mask", mask);
            put("encoder_attention_mask", mask);
            OrtSession.Result result = result(encoder);
            known.put(STATES, (OnnxTensor) result.get("last_hidden_state").orElseThrow());
        }

        private void put(String name, long[] values) {
            try {
                OnnxTensor tensor = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {1, values.length});
                OnnxTensor before = known.put(name, tensor);
                if (before != null) {
                    before.close();
                }
            } catch (OrtException e) {
                throw new OrtuneException("a tensor cannot be made: " + e.getMessage(), e);
            }
        }

        /** The logits of what comes after each of all tokens at once. */
        float[][] run(Part decoder, long[] tokens) {
            put("input_ids", tokens);
            return logits(decoder, result(decoder), tokens.length);
        }

        /** The same, token after token. */
        float[][] each(Part first, Part next, long[] tokens) {
            float[][] logits = new float[tokens.length][];
            for (int place = 0; place < tokens.length; place++) {
                Part part = place == 0 ? first : next;
                put("input_ids", new long[] {tokens[place]});
                OrtSession.Result result = result(part);
                logits[place] = logits(part, result, 1)[0];
                for (Map.Entry<String, OnnxValue> output : result) {
                    if (output.getKey().startsWith(PRESENT)) {
                        known.put(PAST + output.getKey().substring(PRESENT.length()), (OnnxTensor) output.getValue());
                    }
                }
            }
            return logits;
        }

        private OrtSession.Result result(Part part) {
            Map<String, OnnxTensor> inputs = new HashMap<>(part.weights());
            List<OnnxTensor> own = new ArrayList<>();
            try {
                for (String name : part.session().getInputNames()) {
                    if (known.containsKey(name)) {
                        inputs.put(name, known.get(name));
                    } else if (name.startsWith(PAST)) {
                        long[] shape = ((TensorInfo)
                                        part.session().getInputInfo().get(name).getInfo())
                                .getShape();
                        OnnxTensor none = part.tensor(FloatBuffer.allocate(0), 1, shape[1], 0, shape[3]);
                        own.add(none);
                        inputs.put(name, none);
                    }
                }
                OrtSession.Result result = part.session().run(inputs);
                results.add(result);
                return result;
            } catch (OrtException e) {
                throw Part.failed(part.file(), e);
            } finally {
                own.forEach(OnnxTensor::close);
            }
        }

        private static float[][] logits(Part part, OrtSession.Result result, int places) {
            FloatBuffer all = ((OnnxTensor) result.get(LOGITS)
                            .orElseThrow(() -> new OrtuneException(part.file() + ": gives no logits")))
                    .getFloatBuffer();
            float[][] logits = new float[places][all.remaining() / places];
            for (float[] row : logits) {
                all.get(row);
            }
            return logits;
        }

        @Override
        public void close() {
            results.forEach(OrtSession.Result::close);
            for (String name : List.of("input_ids", "attention_mask", "encoder_attention_mask")) {
                known.get(name).close();
            }
        }
    }
}

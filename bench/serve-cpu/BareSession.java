import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.predictor.batch.BatchPlan;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server's session reaches with nothing around it: no HTTP, no JSON, no queue. Commands on standard input:
 *
 * <pre>
 * scores N             the first N sentences' logits, one line each
 * batches WAITING S    for S seconds, batches out of WAITING tokenised sentences at a time -> sentences a second
 * alone S              for S seconds, one sentence after the other, tokenised each time -> all times in microseconds
 * </pre>
 */
public final class BareSession {
    private static final BatchPlan PLAN = new BatchPlan(16384, BatchPlan.CPU_START);

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;
    private final List<String> sentences;
    private int next;

    private BareSession(Path model, Path file, Path sentences, int threads) throws Exception {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.addConfigEntry("session.intra_op.spin_duration_us", "300"); // As the server's.
        session = environment.createSession(file.toString(), options);
        tokenizer = HuggingFaceTokenizer.newInstance(
                model.resolve("tokenizer.json"), Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"));
        this.sentences = Files.readAllLines(sentences);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // Libraries may log.
        BareSession bare = new BareSession(
                Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), Integer.parseInt(arguments[3]));
        answers.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            answers.println(
                    switch (words[0]) {
                        case "scores" -> bare.scores(Integer.parseInt(words[1]));
                        case "batches" -> bare.batches(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
                        default -> bare.alone(Double.parseDouble(words[1]));
                    });
        }
    }

    private String scores(int count) throws OrtException {
        StringBuilder answer = new StringBuilder("scores");
        for (int i = 0; i < count; i++) {
            for (float logit : run(List.of(encode(sentences.get(i))))[0]) {
                answer.append(' ').append(logit);
            }
        }
        return answer.toString();
    }

    private String batches(int waiting, double seconds) throws OrtException {
        List<long[]> all = sentences.stream().map(this::encode).toList();
        long start = System.nanoTime();
        long done = 0;
        while (System.nanoTime() - start < seconds * 1e9) {
            List<long[]> queue = new ArrayList<>();
            for (int i = 0; i < waiting; i++) {
                queue.add(all.get(next++ % all.size()));
            }
            while (!queue.isEmpty()) {
                List<long[]> batch = take(queue);
                run(batch);
                done += batch.size();
            }
        }
        return "ran " + done / ((System.nanoTime() - start) / 1e9);
    }

    /** The server's policy. */
    private static List<long[]> take(List<long[]> queue) {
        long[] oldest = queue.get(0);
        List<long[]> byLength = new ArrayList<>(queue);
        byLength.sort(Comparator.comparingInt(ids -> ids.length));
        int[] lengths = byLength.stream().mapToInt(ids -> ids.length).toArray();
        int[] run = PLAN.run(lengths, byLength.indexOf(oldest));
        List<long[]> batch = byLength.subList(run[0], run[1]);
        queue.removeAll(batch);
        return batch;
    }

    private String alone(double seconds) throws OrtException {
        StringBuilder answer = new StringBuilder("ran");
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
            run(List.of(encode(sentences.get(next++ % sentences.size()))));
            answer.append(' ').append((System.nanoTime() - start) / 1000);
        }
        return answer.toString();
    }

    private long[] encode(String sentence) {
        Encoding encoding = tokenizer.encode(sentence);
        return encoding.getIds();
    }

    /** {@code [batch][labels]}; filled up with id 0, which the mask leaves out. */
    private float[][] run(List<long[]> batch) throws OrtException {
        int length = batch.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        long[] ids = new long[batch.size() * length];
        long[] mask = new long[ids.length];
        for (int row = 0; row < batch.size(); row++) {
            long[] tokens = batch.get(row);
            System.arraycopy(tokens, 0, ids, row * length, tokens.length);
            Arrays.fill(mask, row * length, row * length + tokens.length, 1);
        }
        Map<String, long[]> values =
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", new long[ids.length]);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String name : session.getInputNames()) {
            inputs.put(
                    name,
                    OnnxTensor.createTensor(
                            environment, LongBuffer.wrap(values.get(name)), new long[] {batch.size(), length}));
        }
        try (OrtSession.Result result = session.run(inputs)) {
            return (float[][]) result.get(0).getValue();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }
}

package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The files of a run on questions, with answers drawn at random. */
public final class WrittenAnswerRun {
    public static final int TEST = 90;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] ASKED = {"Who", "When", "In which <b>year</b>", "😀"};
    private static final String CONTEXT =
            "😀 Anna & the <b>ferry</b> left at noon. ".repeat(12) + "Nobody came back before evening.";

    private WrittenAnswerRun() {}

    /**
     * Writes a complete run.
     *
     * @param right share of the questions that are answered as is right
     */
    public static Path write(Path folder, double right, long seed) {
        try {
            Files.createDirectories(folder);
            ObjectNode json = JSON.createObjectNode();
            json.put("pretrained", "models/pretrained/minilm-l6");
            ObjectNode data = json.putObject("data");
            data.putObject("train").put("file", "data/train.json").put("examples", 600);
            data.putObject("test").put("file", "data/test.json").put("examples", TEST);
            json.put("task", "question-answering").put("doc_stride", 128).put("version_2_with_negative", true);
            json.put("max_length", 384).put("seed", seed);
            Files.writeString(folder.resolve("training_args.json"), json.toPrettyString());
            Files.writeString(
                    folder.resolve("metrics.jsonl"),
                    "{\"epoch\":1.0,\"step\":20,\"loss\":1.0,\"learning_rate\":2e-5}\n"
                            + LogHistory.of(new EvaluationRecord(
                                    20, 1, 0.5, new AnswerMetrics(0.3, new AnswerScore(30, 0.5, 0.6)), true))
                            + "\n{\"train_runtime\":12.5,\"train_samples_per_second\":80.5,\"stopped_early\":false}\n");
            Files.writeString(folder.resolve("token_lengths.json"), "{\"train\":{\"130\":500,\"384\":100}}");
            Files.writeString(folder.resolve("predictions_test_nbest.jsonl"), answers(right, seed));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answers(double right, long seed) {
        Random random = new Random(seed);
        Random drawn = new Random(7);
        StringBuilder lines = new StringBuilder();
        int points = CONTEXT.codePointCount(0, CONTEXT.length());
        for (int i = 0; i < TEST; i++) {
            int start = drawn.nextInt(points - 20);
            int length = drawn.nextInt(5) == 0 ? 0 : 4 + drawn.nextInt(16);
            boolean isRight = random.nextDouble() < right;
            int saidStart = isRight ? start : random.nextInt(points - 20);
            int saidLength = isRight ? length : random.nextInt(20);
            ObjectNode line = JSON.createObjectNode()
                    .put("id", "q" + i)
                    .put("context", CONTEXT)
                    .put("question", ASKED[i % ASKED.length] + " left?");
            ArrayNode texts = line.putObject("answers").putArray("text");
            ArrayNode starts = ((ObjectNode) line.path("answers")).putArray("answer_start");
            if (length > 0) {
                texts.add(part(start, length));
                starts.add(start);
            }
            boolean none = saidLength == 0;
            line.put("prediction", part(saidStart, saidLength))
                    .put("start", none ? 0 : saidStart)
                    .put("end", none ? 0 : saidStart + saidLength);
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    private static String part(int start, int length) {
        return CONTEXT.substring(CONTEXT.offsetByCodePoints(0, start), CONTEXT.offsetByCodePoints(0, start + length));
    }
}

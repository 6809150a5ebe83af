package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The files of a run on words with a label each, with predictions drawn at random. */
public final class WrittenTokenRun {
    public static final List<String> LABELS = List.of("B-LOC", "B-PER", "I-LOC", "I-PER", "O");
    public static final int TEST = 120;
    private static final int VALIDATION = 60;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WORDS = List.of(
            "the",
            "ferry",
            "leaves",
            "<b>Paris</b>",
            "Anna",
            "&",
            "harbour",
            "\u200d",
            "😀",
            "tomorrow",
            "Oslo",
            "don't");

    private WrittenTokenRun() {}

    /**
     * Writes a complete run.
     *
     * @param right share of the words whose label is predicted as it is
     */
    public static Path write(Path folder, double right, long seed) {
        try {
            Files.createDirectories(folder);
            ObjectNode json = JSON.createObjectNode();
            json.put("pretrained", "models/pretrained/minilm-l6");
            ObjectNode data = json.putObject("data");
            data.putObject("train").put("file", "data/train.conll").put("examples", 600);
            data.putObject("validation").put("file", "data/dev.conll").put("examples", VALIDATION);
            data.putObject("test").put("file", "data/test.conll").put("examples", TEST);
            json.put("task", "token-classification").put("label_all_tokens", false);
            json.put("max_length", 128).put("seed", seed);
            Files.writeString(folder.resolve("training_args.json"), json.toPrettyString());
            Files.writeString(folder.resolve("metrics.jsonl"), history());
            Files.writeString(folder.resolve("token_lengths.json"), "{\"train\":{\"9\":500,\"12\":100}}");
            Files.writeString(folder.resolve("predictions_validation.tsv"), predictions(VALIDATION, right, seed + 1));
            Files.writeString(folder.resolve("predictions_test.tsv"), predictions(TEST, right, seed));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String history() {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 40; step++) {
            lines.append(JSON.createObjectNode()
                            .put("epoch", step / 20.0)
                            .put("step", step)
                            .put("loss", 1.0 / step)
                            .put("learning_rate", 2e-5))
                    .append('\n');
            if (step % 20 == 0) {
                TokenMetrics metrics = new TokenMetrics(
                        VALIDATION,
                        0.3,
                        new WordCounts(600, 500 + step, 0),
                        List.of(new TypeScore("LOC", step, 60, 70), new TypeScore("PER", step, 50, 60)));
                lines.append(LogHistory.of(new EvaluationRecord(step, step / 20.0, 0.5, metrics, true)))
                        .append('\n');
            }
        }
        return lines.append("{\"train_runtime\":12.5,\"train_samples_per_second\":80.5,\"stopped_early\":false}\n")
                .toString();
    }

    private static String predictions(int sentences, double right, long seed) {
        Random random = new Random(seed);
        Random drawn = new Random(7);
        StringBuilder lines = new StringBuilder();
        for (int sentence = 0; sentence < sentences; sentence++) {
            int length = 2 + drawn.nextInt(10);
            for (int word = 0; word < length; word++) {
                String label = LABELS.get(drawn.nextInt(LABELS.size()));
                String predicted = random.nextDouble() < right ? label : LABELS.get(random.nextInt(LABELS.size()));
                lines.append(WORDS.get(drawn.nextInt(WORDS.size())))
                        .append('\t')
                        .append(label)
                        .append('\t')
                        .append(word == 11 ? "" : predicted)
                        .append('\n');
            }
            lines.append('\n');
        }
        return lines.toString();
    }
}

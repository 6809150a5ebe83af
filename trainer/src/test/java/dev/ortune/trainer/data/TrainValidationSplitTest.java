package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against what scikit-learn and NumPy gave; train_test_split.py beside the golden file shows how it was made. */
class TrainValidationSplitTest {
    @Test
    void picksTheRowsThatScikitLearnPicks() throws IOException, NoSuchAlgorithmException {
        for (JsonNode golden : golden().path("splits")) {
            int n = golden.path("n").asInt();
            TrainValidationSplit split = TrainValidationSplit.of(
                    n, golden.path("share").asDouble(), golden.path("seed").asLong());

            matches(golden, "train", split.train());
            matches(golden, "validation", split.validation());
        }
    }

    @Test
    void drawsTheWordsThatNumpyDraws() throws IOException {
        for (JsonNode golden : golden().path("draws")) {
            Mt19937 random = new Mt19937(golden.path("seed").asLong());
            int[] words = IntStream.range(0, 1300).map(i -> random.nextInt()).toArray();

            assertThat(Integer.toUnsignedLong(words[0]))
                    .isEqualTo(golden.path("first").asLong());
            for (int i = 0; i < 4; i++) {
                assertThat(Integer.toUnsignedLong(words[1296 + i]))
                        .isEqualTo(golden.path("words").path(i).asLong());
            }
        }
    }

    @Test
    void keepsExamplesAndLabels() {
        Labels labels = new Labels(List.of("a", "b"));
        List<Example> examples = IntStream.range(0, 10)
                .mapToObj(i -> new Example("text " + i, null, i % 2, ""))
                .toList();
        Dataset dataset = new Dataset("all.tsv", examples, labels);
        TrainValidationSplit split = TrainValidationSplit.of(10, 0.1, 2018);

        assertThat(split.validationOf(dataset).examples())
                .containsExactly(examples.get(split.validation()[0]))
                .doesNotContainAnyElementsOf(split.trainOf(dataset).examples());
        assertThat(split.trainOf(dataset).size()).isEqualTo(9);
        assertThat(split.trainOf(dataset).name()).isEqualTo("all.tsv (train)");
        assertThat(split.trainOf(dataset).labels()).isEqualTo(labels);
    }

    @Test
    void refusesSharesAndSeedsOutOfRange() {
        for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> TrainValidationSplit.of(10, share, 0))
                    .isInstanceOf(OrtuneException.class)
                    .hasMessageStartingWith("--validation-split must be between 0 and 1");
        }
        assertThatThrownBy(() -> TrainValidationSplit.of(10, 0.1, -1))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith("--split-seed must be 0 to 4294967295");
        assertThatThrownBy(() -> TrainValidationSplit.of(1, 0.1, 0))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("leaves none to train on");
    }

    private static void matches(JsonNode golden, String part, int[] rows) throws NoSuchAlgorithmException {
        JsonNode first = golden.path("first_" + part);
        assertThat(rows).hasSize(golden.path(part).asInt());
        for (int i = 0; i < first.size(); i++) {
            assertThat(rows[i]).isEqualTo(first.path(i).asInt());
        }
        assertThat(sha256(rows)).isEqualTo(golden.path("sha256_" + part).asText());
    }

    private static String sha256(int[] rows) throws NoSuchAlgorithmException {
        String joined = Arrays.stream(rows).mapToObj(Integer::toString).collect(Collectors.joining(","));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(joined.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = TrainValidationSplitTest.class.getResourceAsStream("train_test_split.json")) {
            return new ObjectMapper().readTree(in);
        }
    }
}

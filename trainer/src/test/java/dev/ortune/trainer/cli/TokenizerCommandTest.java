package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and merges are those of Hugging Face's trainers, whose answers golden/learnt-tokenizers/make.py wrote down. */
class TokenizerCommandTest {
    @TempDir
    private Path folder;

    @Test
    void pairsOfBytesAreMergedInTheSameOrder() throws IOException {
        for (JsonNode expected : expected("bpe")) {
            Path learnt = learn("bpe", expected);
            List<String> merges = Files.readAllLines(learnt.resolve("merges.txt"));
            assertThat(merges.subList(1, merges.size())).isEqualTo(strings(expected.path("merges")));
            JsonNode vocabulary =
                    new ObjectMapper().readTree(learnt.resolve("vocab.json").toFile());
            List<String> tokens = strings(expected.path("tokens"));
            assertThat(vocabulary).hasSameSizeAs(tokens);
            for (int id = 0; id < tokens.size(); id++) {
                assertThat(vocabulary.path(tokens.get(id)).asInt(-1)).isEqualTo(id);
            }
        }
    }

    @Test
    void wordPiecesDifferNoMoreThanFromRunToRun() throws IOException {
        for (JsonNode expected : expected("wordpiece")) {
            Path learnt = learn("wordpiece", expected);
            List<String> tokens = Files.readAllLines(learnt.resolve("vocab.txt"));
            List<String> always = strings(expected.path("always"));
            List<String> any = new ArrayList<>(always);
            any.addAll(strings(expected.path("sometimes")));
            assertThat(tokens).doesNotHaveDuplicates().containsAll(always);
            assertThat(any).containsAll(tokens);
            if (always.size() < any.size() - 10) {
                assertThat(tokens).hasSize(expected.path("vocab_size").asInt());
            }
        }
    }

    @Test
    void theSameTextsGiveTheSameTokenizer() throws IOException {
        JsonNode expected = expected("wordpiece").get(0);
        Path first = learn("wordpiece", expected);
        Path second = learn("wordpiece", expected);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")) {
            assertThat(first.resolve(file)).hasSameBinaryContentAs(second.resolve(file));
        }
        try (TextTokenizer tokenizer = TextTokenizer.load(first, 32)) {
            int[] ids = tokenizer.encode("The KEEPER waits", null).ids();
            List<String> tokens = Files.readAllLines(first.resolve("vocab.txt"));
            assertThat(ids).startsWith(2, tokens.indexOf("the"), tokens.indexOf("keeper"));
            assertThat(ids).endsWith(3);
        }
    }

    @Test
    void textsComeBackFromTheirBytes() throws IOException {
        Path learnt = learn("bpe", expected("bpe").get(0));
        try (TextTokenizer tokenizer = TextTokenizer.load(learnt, 64)) {
            int[] ids = tokenizer.encode("the lamps 🔦", null).ids();
            JsonNode vocabulary =
                    new ObjectMapper().readTree(learnt.resolve("vocab.json").toFile());
            assertThat(ids)
                    .startsWith(0)
                    .endsWith(2)
                    .doesNotContain(vocabulary.path("<unk>").asInt());
        }
    }

    @Test
    void whatCannotBeIsSaidInALine() throws IOException {
        assertFails(2, "--vocab-size must be from 261 to 1000000, not 260", "--vocab-size=260");
        assertFails(2, "--min-frequency must be at least 1, not 0", "--min-frequency=0");
        assertFails(2, "must be wordpiece or bpe, not 'unigram'", "--kind=unigram");
        assertFails(1, ": has no text", "--train=" + Files.writeString(folder.resolve("empty.txt"), "\n\n"));
        assertThat(folder.resolve("failed")).doesNotExist();
        Path there = Files.createDirectory(folder.resolve("there"));
        assertFails(1, there + ": exists already", "--out=" + there);
    }

    private void assertFails(int exit, String message, String option) {
        List<String> command = new ArrayList<>(List.of(
                "tokenizer", "--kind=bpe", "--train=" + golden("texts.txt"), "--out=" + folder.resolve("failed")));
        command.removeIf(earlier -> earlier.startsWith(option.replaceFirst("=.*", "=")));
        command.add(option);
        Cli failed = Cli.run(command.toArray());
        assertThat(failed.exit()).as(failed.err()).isEqualTo(exit);
        assertThat(failed.err()).contains(message);
    }

    private Path learn(String kind, JsonNode expected) throws IOException {
        Path out = Files.createTempDirectory(folder, kind).resolve("learnt");
        List<String> command = new ArrayList<>(List.of(
                "tokenizer",
                "--kind=" + kind,
                "--vocab-size=" + expected.path("vocab_size").asInt(),
                "--min-frequency=" + expected.path("min_frequency").asInt(),
                "--train=" + golden("texts.txt"),
                "--out=" + out));
        if (!expected.path("do_lower_case").asBoolean(true)) {
            command.add("--cased");
        }
        Cli learnt = Cli.run(command.toArray());
        assertThat(learnt.err()).isEmpty();
        assertThat(learnt.exit()).isZero();
        assertThat(learnt.out()).contains(out + ": ");
        return out;
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode expected(String kind) throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(golden("expected.json").toFile()).path(kind);
        assertThat(expected).isNotEmpty();
        return expected;
    }

    private static Path golden(String name) {
        try {
            return Path.of(TokenizerCommandTest.class
                    .getResource("/golden/learnt-tokenizers/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}

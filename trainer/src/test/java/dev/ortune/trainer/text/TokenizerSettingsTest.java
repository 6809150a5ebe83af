package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings beside tokenizer.json mean what they mean to transformers, whose answers /vectors has. */
class TokenizerSettingsTest {
    private static final JsonNode VECTORS = vectors();

    @TempDir
    private Path folder;

    static IntStream cases() {
        return IntStream.range(0, VECTORS.path("cases").size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void areTransformers(int number) throws IOException {
        JsonNode each = VECTORS.path("cases").path(number);
        requireAnswers(each, write(each, "source"));
    }

    /** The new model's folder says the same of itself. */
    @ParameterizedTest
    @MethodSource("cases")
    void areKeptInACopy(int number) throws IOException {
        JsonNode each = VECTORS.path("cases").path(number);
        Path copy = Files.createDirectory(folder.resolve("copy"));
        TokenizerFiles.copy(
                write(each, "source"), copy, VECTORS.path("max_length").asInt());
        requireAnswers(each, copy);
        JsonNode side = each.path("files").path("tokenizer_config.json").path("truncation_side");
        assertThat(read(copy.resolve("tokenizer_config.json")).path("truncation_side"))
                .isEqualTo(side);
    }

    private void requireAnswers(JsonNode each, Path from) {
        String answers = each.path("answers").asText();
        try (TextTokenizer tokenizer =
                TextTokenizer.load(from, VECTORS.path("max_length").asInt())) {
            for (int i = 0; i < VECTORS.path("texts").asInt(); i++) {
                Texts texts = Texts.of(i);
                int[] ids = tokenizer.encode(texts.first, texts.second).ids();
                assertThat(digest(ids))
                        .as(
                                "%s: %s, %s: %s",
                                each.path("files"), texts.first, texts.second, Arrays.toString(tokenizer.tokens(ids)))
                        .isEqualTo(answers.substring(4 * i, 4 * i + 4));
            }
        }
    }

    /** Where BERT's class would make another normalizer, the class is named that takes tokenizer.json as it is. */
    @Test
    void aNormalizerThatIsNotBertsIsKept() throws IOException {
        String source = VECTORS.path("tokenizers").path("bert").toString();
        Path odd = Files.createDirectory(folder.resolve("odd"));
        Files.writeString(odd.resolve("tokenizer.json"), source.replace("\"clean_text\":true", "\"clean_text\":false"));
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Files.writeString(plain.resolve("tokenizer.json"), source);
        TokenizerFiles.copy(odd, odd, 9);
        TokenizerFiles.copy(plain, plain, 9);
        assertThat(read(odd.resolve("tokenizer_config.json"))
                        .path("tokenizer_class")
                        .asText())
                .isEqualTo("PreTrainedTokenizerFast");
        assertThat(read(plain.resolve("tokenizer_config.json"))
                        .path("tokenizer_class")
                        .asText())
                .isEqualTo("BertTokenizer");
    }

    @Test
    void whatCannotBeHonouredIsNamed() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                VECTORS.path("tokenizers").path("bert").toString());
        for (Map.Entry<String, String> setting :
                Map.of("padding_side", "left", "truncation_side", "middle").entrySet()) {
            Path config = Files.writeString(
                    folder.resolve("tokenizer_config.json"),
                    "{\"" + setting.getKey() + "\": \"" + setting.getValue() + "\"}");
            assertThatThrownBy(() -> TextTokenizer.load(folder, 9))
                    .isInstanceOf(OrtuneException.class)
                    .hasMessageStartingWith(config + ": " + setting.getKey());
        }
    }

    private Path write(JsonNode each, String name) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        JsonNode tokenizer =
                VECTORS.path("tokenizers").path(each.path("tokenizer").asText());
        Files.writeString(made.resolve("config.json"), "{\"model_type\": " + each.path("tokenizer") + "}");
        if (each.path("vocab").booleanValue()) {
            Map<Integer, String> tokens = new TreeMap<>();
            tokenizer
                    .path("model")
                    .path("vocab")
                    .properties()
                    .forEach(entry -> tokens.put(entry.getValue().asInt(), entry.getKey()));
            Files.writeString(made.resolve("vocab.txt"), String.join("\n", tokens.values()) + "\n");
        } else {
            Files.writeString(made.resolve("tokenizer.json"), tokenizer.toString());
        }
        for (Map.Entry<String, JsonNode> file : each.path("files").properties()) {
            Files.writeString(made.resolve(file.getKey()), file.getValue().toString());
        }
        return made;
    }

    private static String digest(int[] ids) {
        CRC32 crc = new CRC32();
        crc.update(Arrays.stream(ids)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","))
                .getBytes(StandardCharsets.US_ASCII));
        return String.format("%04x", crc.getValue() & 0xffff);
    }

    /** The texts of a number, as vectors/tokenizer_settings.py makes them. */
    private record Texts(String first, String second) {
        static Texts of(int number) {
            Generator generator = new Generator(number);
            String first = generator.text(12);
            return new Texts(first, number % 3 == 0 ? generator.text(4) : null);
        }
    }

    private static final class Generator {
        private long state;

        Generator(int number) {
            state = number;
        }

        String text(int fragments) {
            return IntStream.range(0, below(fragments))
                    .mapToObj(i -> VECTORS.path("fragments")
                            .path(below(VECTORS.path("fragments").size()))
                            .asText())
                    .collect(Collectors.joining());
        }

        private int below(int n) {
            state = (state * 1103515245 + 12345) % (1L << 31);
            return (int) ((state >> 8) % n);
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static JsonNode vectors() {
        try {
            return read(Path.of("..", "vectors", "tokenizer_settings.json"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

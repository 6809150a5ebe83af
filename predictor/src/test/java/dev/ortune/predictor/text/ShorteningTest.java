package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs that are too long keep of each part what Hugging Face's tokenizers keep; vectors/truncation.py asked them. */
class ShorteningTest {
    private static final int FIRST = 2;
    private static final int SECOND = 3;

    @TempDir
    private Path folder;

    @Test
    void partsKeepWhatHuggingFaceKeeps() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]}, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {"[CLS]": 0, "[SEP]": 1, "a": 2, "b": 3}, "unk_token": "[SEP]"}}
                """);
        JsonNode tables =
                JsonFile.readObject(Path.of("..", "vectors", "truncation.json")).path("tables");
        assertThat(tables).hasSize(9);
        for (JsonNode table : tables) {
            int most = table.path("max_length").intValue();
            try (Tokenizer tokenizer = Tokenizer.open(folder, "", most, true)) {
                for (int first = 0; first < table.path("kept").size(); first++) {
                    for (int second = 0; second < table.path("kept").size(); second++) {
                        assertKept(
                                tokenizer,
                                first,
                                second,
                                table.path("kept").path(first).path(second));
                    }
                }
            }
        }
    }

    private static void assertKept(Tokenizer tokenizer, int first, int second, JsonNode kept) {
        TextInput pair = new TextInput("a ".repeat(first), "b ".repeat(second));
        for (Truncation side : new Truncation[] {Truncation.RIGHT, Truncation.LEFT}) {
            long[] ids = tokenizer.encode(pair, side).ids();
            assertThat(new long[] {count(ids, FIRST), count(ids, SECOND)})
                    .as("%d and %d of %d", first, second, ids.length)
                    .containsExactly(kept.path(0).longValue(), kept.path(1).longValue());
        }
    }

    private static long count(long[] ids, long id) {
        return Arrays.stream(ids).filter(one -> one == id).count();
    }

    /** Where one part alone loses tokens, as tokenizer_config.json says; the trainer is held to the same file. */
    @Test
    void onePartAloneIsCutWhereTheModelSaysSo() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]}, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {"[CLS]": 0, "[SEP]": 1, "a": 2, "b": 3}, "unk_token": "[SEP]"}}
                """);
        JsonNode tables = JsonFile.readObject(Path.of("..", "vectors", "truncation_pairs.json"))
                .path("tables");
        assertThat(tables).hasSize(12);
        for (JsonNode table : tables) {
            Files.writeString(
                    folder.resolve("tokenizer_config.json"),
                    "{\"truncation_strategy\": " + table.path("strategy") + "}");
            Truncation side = table.path("side").textValue().equals("left") ? Truncation.LEFT : Truncation.RIGHT;
            try (Tokenizer tokenizer =
                    Tokenizer.open(folder, "", table.path("max_length").intValue(), true)) {
                for (int first = 1; first <= table.path("kept").size(); first++) {
                    for (int second = 1; second <= table.path("kept").size(); second++) {
                        JsonNode kept = table.path("kept").path(first - 1).path(second - 1);
                        TextInput pair = new TextInput("a ".repeat(first), "b ".repeat(second));
                        if (kept.isNull()) {
                            assertThatThrownBy(() -> tokenizer.encode(pair, side))
                                    .isInstanceOf(RequestException.class)
                                    .hasMessageContaining("cannot be cut");
                        } else {
                            long[] ids = tokenizer.encode(pair, side).ids();
                            assertThat(new long[] {count(ids, FIRST), count(ids, SECOND)})
                                    .containsExactly(
                                            kept.path(0).longValue(),
                                            kept.path(1).longValue());
                        }
                    }
                }
            }
        }
    }

    /** Words of several pieces: the trainer is held to the same file. */
    @Test
    void wordsOfSeveralPiecesAreCutAsHuggingFaceCutsThem() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]}, "decoder": null,
                 "model": {"type": "WordPiece", "unk_token": "[SEP]", "continuing_subword_prefix": "##",
                           "max_input_chars_per_word": 100,
                           "vocab": {"[CLS]": 0, "[SEP]": 1, "a": 2, "##b": 3, "c": 4, "##d": 5}}}
                """);
        JsonNode cases = JsonFile.readObject(Path.of("..", "vectors", "truncation_words.json"))
                .path("cases");
        assertThat(cases).hasSize(600);
        for (JsonNode each : cases) {
            try (Tokenizer tokenizer = Tokenizer.open(folder, "", each.path(1).intValue(), true)) {
                TextInput pair = new TextInput(words(each.path(2), "a", "b"), words(each.path(3), "c", "d"));
                long[] ids = tokenizer
                        .encode(pair, each.path(0).booleanValue() ? Truncation.LEFT : Truncation.RIGHT)
                        .ids();
                assertThat(new long[] {count(ids, 2) + count(ids, 3), count(ids, 4) + count(ids, 5)})
                        .as(each.toString())
                        .containsExactly(
                                each.path(4).path(0).longValue(),
                                each.path(4).path(1).longValue());
            }
        }
    }

    /** A word of so many pieces each. */
    private static String words(JsonNode pieces, String first, String next) {
        return pieces.valueStream()
                .map(count -> first + next.repeat(count.intValue() - 1))
                .collect(Collectors.joining(" "));
    }

    @Test
    void theSideThatIsCutIsTheOneAskedFor() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]}, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "[SEP]",
                           "vocab": {"[CLS]": 0, "[SEP]": 1, "a": 2, "b": 3, "c": 4, "d": 5, "e": 6, "f": 7}}}
                """);
        try (Tokenizer tokenizer = Tokenizer.open(folder, "", 6, true)) {
            TextInput pair = new TextInput("a b c", "d e f");
            assertThat(tokenizer.encode(pair, Truncation.RIGHT).ids()).containsExactly(0, 2, 1, 5, 6, 1);
            assertThat(tokenizer.encode(pair, Truncation.LEFT).ids()).containsExactly(0, 4, 1, 6, 7, 1);
            EncodedText single = tokenizer.encode(TextInput.of("a b c d e"), Truncation.LEFT);
            assertThat(single.ids()).containsExactly(0, 3, 4, 5, 6, 1);
            assertThat(single.tokens().list()).extracting(Token::word).containsExactly("", "b", "c", "d", "e", "");
            assertThat(single.tokens().list()).extracting(Token::start).containsExactly(0, 2, 4, 6, 8, 0);
        }
    }
}

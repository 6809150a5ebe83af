package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SentencePiece's tables of characters, whole and broken ones: vectors/charsmaps.json, which other modules read, too. */
class CharsmapTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("tokenizer.json");

    static Iterable<JsonNode> tables() throws IOException {
        return JSON.readTree(Path.of("../vectors/charsmaps.json").toFile());
    }

    /** Whole ones are said nothing of. */
    @ParameterizedTest
    @MethodSource("tables")
    void whatLeadsOutOfItselfIsRefused(JsonNode table) throws IOException {
        ObjectNode json = tokenizer();
        ((ObjectNode) json.at("/normalizer/normalizers/0")).put("precompiled_charsmap", bytes(table));
        // Base64 is text in a file.
        JsonNode read = JSON.readTree(json.toString());
        String said = table.path("said").asText();
        if (said.isEmpty()) {
            Charsmap.require(FILE, read);
        } else {
            assertThatThrownBy(() -> Charsmap.require(FILE, read))
                    .isInstanceOf(OrtuneException.class)
                    .hasMessage(FILE + ": " + said);
        }
    }

    /** Nothing, no text, letters that are none of it, and an end that is left out. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"precompiled_charsmap\": 7}",
                "{\"precompiled_charsmap\": \"?\"}",
                "{\"precompiled_charsmap\": \"AA\"}"
            })
    void whatIsNoBase64IsRefused(String step) throws IOException {
        ObjectNode json = tokenizer();
        ((ObjectNode) json.at("/normalizer/normalizers/0")).setAll((ObjectNode) JSON.readTree(step));
        assertThatThrownBy(() -> Charsmap.require(FILE, json))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(FILE + ": its precompiled_charsmap is no text in base64");
    }

    private static ObjectNode tokenizer() {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode normalizer = json.putObject("normalizer").put("type", "Sequence");
        normalizer.putArray("normalizers").addObject().put("type", "Precompiled");
        return json;
    }

    /** A table that is zero but where it is said; behind it the text. */
    static byte[] bytes(JsonNode table) {
        byte[] text = HexFormat.of().parseHex(table.path("text").asText());
        int units = table.path("units").asInt();
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * (1 + units) + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(table.path("size").asInt());
        table.path("set")
                .properties()
                .forEach(unit -> buffer.putInt(
                        Integer.BYTES * (1 + Integer.parseInt(unit.getKey())),
                        unit.getValue().asInt()));
        byte[] bytes = buffer.position(Integer.BYTES * (1 + units)).put(text).array();
        return Arrays.copyOf(bytes, table.path("cut").asInt(bytes.length));
    }
}

package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes JSON that is well-formed but wrong: changed bytes alone would hardly ever get past the parser. */
final class JsonMutation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] VALUES = """
            null true -1 4294967296 1e999 0.5 "" "a\\u0000b" "\\ud800" "Sequence" "../../x" [] {} [[[]]] {"type":7} \
            18446744073709551615""".split(" ", -1);

    /** A vocabulary's many tokens count as a few, so that the rest is not drowned. */
    private static final int MOST_CHILDREN = 20;

    private JsonMutation() {}

    /**
     * What begins as JSON does stays as it is. Other bytes are instructions, three each: which value of the whole file to
     * change, which byte more of that number, and what to put in its place.
     */
    static byte[] of(Path whole, byte[] bytes) throws IOException {
        if (bytes.length < 3 || bytes[0] == '{' || bytes[0] == '[') {
            return bytes;
        }
        JsonNode root = JSON.readTree(Files.readAllBytes(whole));
        for (int i = 0; i + 2 < Math.min(bytes.length, 30); i += 3) {
            List<Runnable> changes = new ArrayList<>();
            collect(root, JSON.readTree(VALUES[Byte.toUnsignedInt(bytes[i + 2]) % VALUES.length]), changes);
            if (!changes.isEmpty()) {
                int change = Byte.toUnsignedInt(bytes[i]) << 8 | Byte.toUnsignedInt(bytes[i + 1]);
                changes.get(change % changes.size()).run();
            }
        }
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void collect(JsonNode node, JsonNode value, List<Runnable> changes) {
        if (node instanceof ObjectNode object) {
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            for (String key : keys.subList(0, Math.min(keys.size(), MOST_CHILDREN))) {
                changes.add(() -> object.set(key, value.deepCopy()));
                changes.add(() -> object.remove(key));
                collect(object.get(key), value, changes);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < Math.min(array.size(), MOST_CHILDREN); i++) {
                int index = i;
                changes.add(() -> array.set(index, value.deepCopy()));
                collect(array.get(i), value, changes);
            }
        }
    }
}

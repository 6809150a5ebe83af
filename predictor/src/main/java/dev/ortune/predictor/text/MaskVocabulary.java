package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The tokens of a model that fills masks: which one is the mask, and what text others are. */
public final class MaskVocabulary {
    /** More ids than any vocabulary in use has. */
    private static final int LARGEST_ID = 10_000_000;

    private final Map<String, Integer> ids = new HashMap<>();
    private final BitSet special = new BitSet();
    private final TokenDecoder decoder;
    private final String mask;
    private final String padding;
    private String[] names = new String[1 << 10];

    private MaskVocabulary(Path file, ObjectNode json, ObjectNode config) {
        JsonNode vocab = json.at("/model/vocab");
        if (vocab.isObject()) {
            vocab.properties().forEach(entry -> put(file, entry.getValue().asInt(-1), entry.getKey()));
        } else {
            for (int id = 0; id < vocab.size(); id++) {
                put(file, id, vocab.get(id).path(0).asText());
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            put(file, added.path("id").asInt(-1), added.path("content").asText());
            special.set(added.path("id").asInt(), added.path("special").asBoolean());
        }
        decoder = TokenDecoder.of(file, json.path("decoder"));
        padding = named(config.path("pad_token"), "[PAD]", "<pad>");
        mask = named(config.path("mask_token"), "[MASK]", "<mask>");
        if (mask == null) {
            throw new OrtuneException(file + ": has no token for masks; tokenizer_config.json names one as mask_token");
        }
    }

    /**
     * That of a model's folder.
     *
     * @throws OrtuneException when its tokenizer has no mask
     */
    public static MaskVocabulary read(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(file + ": no such file");
        }
        return new MaskVocabulary(
                file, JsonFile.readObject(file), TokenizerConfig.read(folder).json());
    }

    private void put(Path file, int id, String name) {
        if (id < 0 || id > LARGEST_ID) {
            throw new OrtuneException(file + ": a token has the impossible id " + id);
        }
        if (id >= names.length) {
            names = Arrays.copyOf(names, Math.max(id + 1, 2 * names.length));
        }
        names[id] = name;
        ids.put(name, id);
    }

    /** The token that is named, else the one of the usual names that is there; null where none is. */
    private String named(JsonNode setting, String... usual) {
        String name = setting.isObject() ? setting.path("content").asText() : setting.asText("");
        return Stream.of(name.isEmpty() ? usual : new String[] {name})
                .filter(ids::containsKey)
                .findFirst()
                .orElse(null);
    }

    /** The token that hides others. */
    public String mask() {
        return mask;
    }

    /** Its id. */
    public int maskId() {
        return ids.get(mask);
    }

    /** The id of a token by its name. */
    public OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether a token fills up, even where a text names it. */
    public boolean isPadding(long id) {
        return padding != null && ids.get(padding) == id;
    }

    /** The text of tokens; ids that there are none of are left out. */
    public String decode(long[] tokens, boolean skipSpecial) {
        List<String> text = new ArrayList<>(tokens.length);
        for (long id : tokens) {
            boolean known = id >= 0 && id < names.length && names[(int) id] != null;
            if (known && !(skipSpecial && special.get((int) id))) {
                text.add(names[(int) id]);
            }
        }
        return decoder.join(text);
    }
}

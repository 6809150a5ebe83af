package dev.ortune.predictor.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.files.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes text of ids. The native tokenizer, which has no decoder here, names each by itself, and {@link TokenDecoder} puts the
 * names together.
 *
 * @param decoder null where there is none for this file
 * @param kind of the file's decoder, for a message
 */
record Decoding(TokenDecoder decoder, String kind) {
    /** Of a tokenizer that may do without decoding: one that cannot be used is refused when it is asked for. */
    static Decoding of(Path file, JsonNode json) {
        String kind = Printable.of(json.path("type").asText());
        try {
            return new Decoding(TokenDecoder.of(file, json), kind);
        } catch (OrtuneException unknown) {
            return new Decoding(null, kind);
        }
    }

    String decode(HuggingFaceTokenizer tokenizer, long[] ids, boolean skipSpecial) {
        if (decoder == null) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST,
                    "the tokenizer's decoder, of type " + kind + ", cannot put tokens together here");
        }
        List<String> names = new ArrayList<>(ids.length);
        for (long id : ids) {
            String name = tokenizer.decode(new long[] {id}, skipSpecial);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return decoder.join(names);
    }
}

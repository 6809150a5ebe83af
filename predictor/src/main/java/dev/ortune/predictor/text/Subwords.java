package dev.ortune.predictor.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens belong to one word, as transformers' pipeline for token classification tells it.
 *
 * @param prefixed whether tokens that go on with a word have a prefix: each token that is longer than its text then does.
 *     Other tokens do where no blank is before or at their beginning
 * @param unknown the id that stands for any unknown word; none where it is negative
 * @param decoder puts tokens together
 */
record Subwords(boolean prefixed, long unknown, TokenDecoder decoder) {
    /**
     * Of a tokenizer.
     *
     * @param tokenizer the whole of tokenizer.json
     * @param config the whole of tokenizer_config.json
     */
    static Subwords of(Path file, ObjectNode tokenizer, ObjectNode config) {
        JsonNode model = tokenizer.path("model");
        return new Subwords(
                !model.path("continuing_subword_prefix").asText("").isEmpty(),
                unknown(tokenizer, model, config.path("unk_token")),
                TokenDecoder.of(file, tokenizer.path("decoder")));
    }

    private static long unknown(ObjectNode tokenizer, JsonNode model, JsonNode named) {
        JsonNode content = named.isObject() ? named.path("content") : named;
        String token = content.isTextual()
                ? content.textValue()
                : model.path("unk_token").asText("");
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(token)) {
                return added.path("id").asLong(-1);
            }
        }
        JsonNode id = model.path("vocab").path(token);
        return id.asLong(model.path("unk_id").asLong(-1));
    }

    /**
     * The tokens of a text by name and place.
     *
     * @param pair the second text, in which the places of its own tokens are; or null
     */
    Tokens tokens(String text, String pair, Encoding encoding) {
        int[] first = text.codePoints().toArray();
        int[] second = pair == null ? first : pair.codePoints().toArray();
        long[] parts = encoding.getSequenceIds();
        long[] ids = encoding.getIds();
        long[] special = encoding.getSpecialTokenMask();
        String[] names = encoding.getTokens();
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<Token> list = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            boolean beside = special[i] != 0 || spans[i] == null;
            list.add(beside ? Token.SPECIAL : token(parts[i] == 1 ? second : first, ids[i], names[i], spans[i]));
        }
        return new Tokens(list, decoder);
    }

    private Token token(int[] text, long id, String name, CharSpan span) {
        int start = span.getStart();
        int end = span.getEnd();
        if (id == unknown) {
            return new Token(new String(text, start, end - start), start, end, false, false);
        }
        boolean subword = prefixed ? name.codePointCount(0, name.length()) != end - start : continues(text, start);
        return new Token(name, start, end, subword, false);
    }

    private static boolean continues(int[] text, int start) {
        return start > 0 && text[start - 1] != ' ' && (start == text.length || text[start] != ' ');
    }
}

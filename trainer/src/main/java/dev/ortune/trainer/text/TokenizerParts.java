package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Parts of a tokenizer.json that several kinds of vocabularies have. */
final class TokenizerParts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerParts() {}

    /**
     * What stands in a template.
     *
     * @param kind {@code Sequence} for a text, A or B, or {@code SpecialToken}
     * @param type id of its tokens' type
     */
    record Part(String kind, String id, int type) {
        static Part text(String id, int type) {
            return new Part("Sequence", id, type);
        }

        static Part token(String id, int type) {
            return new Part("SpecialToken", id, type);
        }

        private boolean isToken() {
            return kind.equals("SpecialToken");
        }
    }

    /** A tokenizer.json with neither truncation nor padding, and the place of its added tokens. */
    static ObjectNode root() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding").putArray("added_tokens");
        return root;
    }

    /** What stands around a text and around two. */
    static ObjectNode template(List<Part> single, List<Part> pair, Map<String, Integer> ids) {
        ObjectNode processor = JSON.createObjectNode().put("type", "TemplateProcessing");
        parts(processor.putArray("single"), single);
        parts(processor.putArray("pair"), pair);
        ObjectNode special = processor.putObject("special_tokens");
        pair.stream().filter(Part::isToken).map(Part::id).distinct().forEach(token -> {
            ObjectNode node = special.putObject(token).put("id", token);
            node.putArray("ids").add(ids.get(token));
            node.putArray("tokens").add(token);
        });
        return processor;
    }

    private static void parts(ArrayNode array, List<Part> parts) {
        for (Part part : parts) {
            array.addObject().putObject(part.kind()).put("id", part.id()).put("type_id", part.type());
        }
    }

    /** SentencePiece's table of what becomes of characters. */
    static ObjectNode precompiled(byte[] charsmap) {
        return JSON.createObjectNode()
                .put("type", "Precompiled")
                .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap));
    }

    /** A step of a normalizer or decoder; {@code kind} of the pattern is String or Regex. */
    static ObjectNode replace(String kind, String pattern, String by) {
        ObjectNode step = JSON.createObjectNode().put("type", "Replace");
        step.putObject("pattern").put(kind, pattern);
        return step.put("content", by);
    }

    /** A blank becomes SentencePiece's sign for it, and by the scheme one more comes before the text. */
    static ObjectNode metaspace(String scheme, boolean split) {
        return JSON.createObjectNode()
                .put("type", "Metaspace")
                .put("replacement", "▁")
                .put("prepend_scheme", scheme)
                .put("split", split);
    }
}

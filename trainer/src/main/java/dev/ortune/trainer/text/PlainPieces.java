package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.text.SentencePieceModel.Piece;
import dev.ortune.trainer.text.TokenizerParts.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * SentencePiece's pieces with the ids that they have in the file, as transformers' LlamaTokenizer and GemmaTokenizer take them,
 * and its class for tokenizers of no class of their own.
 */
record PlainPieces(SentencePieceModel model, StatedTokens stated, Style style) {
    /** A class of transformers. */
    enum Style {
        LLAMA("LlamaTokenizer"),
        GEMMA("GemmaTokenizer"),
        ANY("TokenizersBackend");

        private final String tokenizer;

        Style(String tokenizer) {
            this.tokenizer = tokenizer;
        }

        @Override
        public String toString() {
            return tokenizer;
        }
    }

    /** In the order in which those that no piece is get their ids. */
    private static final List<String> KEYS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final Map<String, String> LLAMAS =
            Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");
    private static final Map<String, String> GEMMAS = Map.of(
            "bos_token", "<bos>",
            "eos_token", "<eos>",
            "unk_token", "<unk>",
            "pad_token", "<pad>",
            "mask_token", "<mask>");

    /** Of pairs of characters that pieces are looked for in: some seconds. */
    private static final long MOST_SPLITS = 1L << 31;

    private static final ObjectMapper JSON = new ObjectMapper();

    ObjectNode tokenizerJson() {
        List<Piece> pieces = pieces();
        Map<String, Integer> ids = model.ids(pieces);
        ObjectNode root = TokenizerParts.root();
        ObjectNode vocabulary = vocabulary(pieces, ids);
        Map<String, AddedToken> special = special();
        ArrayNode added = (ArrayNode) root.path("added_tokens");
        all(special).forEach((token, flags) -> flags.addTo(added, ids.computeIfAbsent(token, missing -> ids.size())));
        root.set("normalizer", normalizer());
        root.set("pre_tokenizer", preTokenizer());
        root.set("post_processor", template(special, ids));
        root.set("decoder", decoder());
        root.set("model", vocabulary);
        return root;
    }

    /** A class of no family takes other names for pieces, as those that are kept free have. */
    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>(model.pieces());
        if (style == Style.ANY) {
            Map<String, Integer> ids = model.ids(pieces);
            stated.added().forEach((id, token) -> {
                if (id >= 0 && id < pieces.size() && ids.putIfAbsent(token.content(), id) == null) {
                    Piece piece = pieces.get(id);
                    pieces.set(id, new Piece(token.content(), piece.score(), piece.type()));
                }
            });
        }
        return pieces;
    }

    private ObjectNode vocabulary(List<Piece> pieces, Map<String, Integer> ids) {
        ObjectNode node = JSON.createObjectNode();
        boolean bytes = style != Style.ANY || model.hasByteFallback();
        if (model.kind() == SentencePieceModel.Kind.UNIGRAM) {
            node.put("type", "Unigram").put("unk_id", ids.get(model.unknown()));
            SentencePieceFile.scores(node.putArray("vocab"), pieces);
            return node.put("byte_fallback", bytes);
        }
        node.put("type", "BPE")
                .putNull("dropout")
                .put("unk_token", unknown(ids))
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", true)
                .put("byte_fallback", bytes)
                .put("ignore_merges", false);
        ids.forEach(node.putObject("vocab")::put);
        merges(node.putArray("merges"), pieces, ids);
        return node;
    }

    /** What stands for what no piece fits; null where transformers' class leaves that out. */
    private String unknown(Map<String, Integer> ids) {
        if (style == Style.LLAMA) {
            return null;
        }
        String unknown =
                style == Style.GEMMA ? stated.text("unk_token", GEMMAS.get("unk_token")) : model.unknownPiece();
        if (!ids.containsKey(unknown)) {
            throw model.lacksUnknown(unknown);
        }
        return unknown;
    }

    /** All ways to join a piece of two others, piece by piece: which comes first is what the order of the pieces says. */
    private void merges(ArrayNode merges, List<Piece> pieces, Map<String, Integer> ids) {
        long splits = 0;
        for (Piece piece : pieces) {
            String text = piece.text();
            splits += (long) text.length() * text.length();
            if (splits > MOST_SPLITS) {
                throw model.broken("has pieces that are too long to find what they are joined of");
            }
            for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
                String left = text.substring(0, i);
                String right = text.substring(i);
                if (i > 0 && ids.containsKey(left) && ids.containsKey(right)) {
                    merges.addArray().add(left).add(right);
                }
            }
        }
    }

    /** By key, those that there are. */
    private Map<String, AddedToken> special() {
        Map<String, String> usual =
                switch (style) {
                    case LLAMA -> LLAMAS;
                    case GEMMA -> GEMMAS;
                    case ANY -> model.special();
                };
        Map<String, AddedToken> special = new LinkedHashMap<>();
        for (String key : KEYS) {
            String text = stated.text(key, stated.isNone(key) ? "" : usual.getOrDefault(key, ""));
            if (!text.isEmpty()) {
                special.put(key, stated.token(key, text));
            }
        }
        return special;
    }

    /** All that are found as a whole, by their text; what the file says of a piece counts before what is said of its key. */
    private Map<String, AddedToken> all(Map<String, AddedToken> special) {
        Map<String, AddedToken> all = new LinkedHashMap<>();
        stated.added().values().forEach(token -> all.put(token.content(), token));
        Set<String> settled = Set.copyOf(all.keySet());
        special.values().forEach(token -> all.putIfAbsent(token.content(), token));
        if (!stated.namesMore()) {
            model.pieces().stream()
                    .filter(piece -> piece.isWhole() && !settled.contains(piece.text()))
                    .forEach(piece -> all.put(piece.text(), AddedToken.plain(piece.text(), piece.isControl())));
        }
        all.remove("");
        return all;
    }

    private JsonNode normalizer() {
        return switch (style) {
            case LLAMA -> NullNode.getInstance();
            case GEMMA -> TokenizerParts.replace("String", " ", "▁");
            case ANY -> {
                ObjectNode steps = JSON.createObjectNode().put("type", "Sequence");
                ArrayNode array = steps.putArray("normalizers");
                if (model.charsmap().length > 0) {
                    array.add(TokenizerParts.precompiled(model.charsmap()));
                }
                array.add(TokenizerParts.replace("String", " ", "▁"));
                yield steps;
            }
        };
    }

    private JsonNode preTokenizer() {
        return switch (style) {
            case LLAMA -> TokenizerParts.metaspace(prefixSpace() ? scheme() : "never", false);
            case GEMMA -> {
                ObjectNode split = JSON.createObjectNode().put("type", "Split");
                split.putObject("pattern").put("String", " ");
                yield split.put("behavior", "MergedWithPrevious").put("invert", false);
            }
            case ANY -> NullNode.getInstance();
        };
    }

    private boolean prefixSpace() {
        return stated.setting("add_prefix_space").asBoolean(true);
    }

    /** As it was at first, a blank came behind each special token, too. */
    private String scheme() {
        return stated.setting("legacy").asBoolean(false) ? "always" : "first";
    }

    private ObjectNode template(Map<String, AddedToken> special, Map<String, Integer> ids) {
        List<Part> single = around("A", 0, special);
        List<Part> pair = new ArrayList<>(single);
        pair.addAll(around("B", 1, special));
        return TokenizerParts.template(single, pair, ids);
    }

    private List<Part> around(String text, int type, Map<String, AddedToken> special) {
        List<Part> parts = new ArrayList<>();
        if (special.containsKey("bos_token") && stated.setting("add_bos_token").asBoolean(false)) {
            parts.add(Part.token(special.get("bos_token").content(), type));
        }
        parts.add(Part.text(text, type));
        if (special.containsKey("eos_token") && stated.setting("add_eos_token").asBoolean(false)) {
            parts.add(Part.token(special.get("eos_token").content(), type));
        }
        return parts;
    }

    private ObjectNode decoder() {
        ObjectNode decoder = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = decoder.putArray("decoders").add(TokenizerParts.replace("String", "▁", " "));
        if (style != Style.ANY || model.hasByteFallback()) {
            steps.addObject().put("type", "ByteFallback");
            steps.addObject().put("type", "Fuse");
        }
        if (style == Style.LLAMA && prefixSpace()) {
            steps.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        return decoder;
    }
}

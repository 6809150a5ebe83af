package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.text.SentencePieceModel.Kind;
import dev.ortune.trainer.text.SentencePieceModel.Piece;
import dev.ortune.trainer.text.TokenizerParts.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tokenizer that a family makes of SentencePiece's model. That stands in no file but in transformers' code: which pieces
 * come first, what is done to a text before, and what stands around it.
 */
final class SentencePieceFile {
    private static final String T5 = "t5";

    /** Tokens that T5 has behind the pieces to stand for what was left out of a text, where its files do not say how many. */
    private static final int SENTINELS = 100;

    private static final int MOST_SENTINELS = 10_000;

    /** Types of models whose tokenizer transformers makes with its class for any, where a folder names no other. */
    private static final List<String> OF_NO_CLASS = List.of("", "llama", "modernbert");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SentencePieceModel model;
    private final StatedTokens stated;
    private final List<Piece> pieces;

    /**
     * What a family makes of the pieces.
     *
     * @param pieces in the order of their ids
     * @param unknown the token of what no piece fits
     * @param begin stands before a text; null for nothing
     * @param end stands behind it
     * @param joint how often that stands between two texts
     * @param typed whether the second of them is of type 1
     */
    private record Layout(List<Piece> pieces, String unknown, String begin, String end, int joint, boolean typed) {}

    private SentencePieceFile(SentencePieceModel model, StatedTokens stated) {
        this.model = model;
        this.stated = stated;
        this.pieces = model.pieces();
    }

    /** The one that lies in a folder. */
    static Optional<Path> in(Path folder) {
        return TokenizerFiles.PIECES.stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    /** The tokenizer.json that transformers' AutoTokenizer makes of it. */
    static ObjectNode toTokenizerJson(Path file) {
        SentencePieceModel model = SentencePieceModel.read(file);
        StatedTokens stated = StatedTokens.in(file.resolveSibling(""));
        Path config = file.resolveSibling("config.json");
        String type = Files.exists(config)
                ? JsonFile.readObject(config).path("model_type").asText()
                : "";
        String name = stated.setting("tokenizer_class").asText();
        if (type.equals("qwen2")) {
            throw model.broken(
                    "for a model of type qwen2 transformers takes that one's own tokenizer, which reads no such file");
        }
        Optional<PlainPieces.Style> plain = plain(name, type, file);
        if (plain.isPresent()) {
            boolean joins = plain.get() != PlainPieces.Style.ANY;
            if (joins && model.kind() != Kind.BPE) {
                throw model.broken("is of SentencePiece's unigram kind, and " + plain.get()
                        + " of tokenizer_config.json is a class for its BPE");
            }
            return new PlainPieces(model, stated, plain.get()).tokenizerJson();
        }
        String family = family(name + " " + type, file);
        if (model.kind() != Kind.UNIGRAM) {
            throw model.broken("is of SentencePiece's BPE kind, which transformers' tokenizer for " + family
                    + " would take for its unigram kind; tokenizer_class in tokenizer_config.json may be LlamaTokenizer,"
                    + " GemmaTokenizer or PreTrainedTokenizerFast");
        }
        return new SentencePieceFile(model, stated).tokenizerJson(family);
    }

    /** The class that takes the pieces as they are numbered; empty for those of the families below. */
    private static Optional<PlainPieces.Style> plain(String tokenizer, String type, Path file) {
        boolean isKnown = !type.isEmpty() || file.endsWith("tokenizer.model");
        boolean ofNoClass = tokenizer.isEmpty() && isKnown && OF_NO_CLASS.contains(type);
        // transformers takes no other class for ModernBERT.
        if (ofNoClass || TokenizerSettings.isGeneric(tokenizer) || type.equals("modernbert")) {
            return Optional.of(PlainPieces.Style.ANY);
        }
        return Stream.of(PlainPieces.Style.values())
                .filter(style -> tokenizer.equals(style.toString()) || tokenizer.equals(style + "Fast"))
                .findFirst();
    }

    private ObjectNode tokenizerJson(String family) {
        Layout layout = layout(family);
        Map<String, Integer> ids = model.ids(layout.pieces());
        ObjectNode root = TokenizerParts.root();
        added((ArrayNode) root.path("added_tokens"), family, layout, ids);
        root.set("normalizer", normalizer(family));
        boolean prefixSpace = stated.setting("add_prefix_space").asBoolean(true);
        ArrayNode splits =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        if (!family.equals("deberta-v2")) {
            splits.addObject().put("type", "WhitespaceSplit");
        } else if (stated.setting("split_by_punct").asBoolean(false)) {
            splits.addObject().put("type", "Punctuation").put("behavior", "Isolated");
        }
        String without = family.equals("deberta-v2") ? "first" : "never";
        String scheme = prefixSpace ? "always" : without;
        splits.add(TokenizerParts.metaspace(scheme, true));
        root.set("post_processor", template(layout, ids));
        root.set("decoder", TokenizerParts.metaspace(scheme, true));
        ObjectNode unigram = root.putObject("model").put("type", "Unigram");
        Integer unknownId = ids.get(layout.unknown());
        if (unknownId == null || unknownId >= layout.pieces().size()) {
            throw model.lacksUnknown(layout.unknown());
        }
        unigram.put("unk_id", unknownId);
        scores(unigram.putArray("vocab"), layout.pieces());
        unigram.put("byte_fallback", false);
        return root;
    }

    /** Pieces as unigrams. */
    static void scores(ArrayNode vocab, List<Piece> pieces) {
        pieces.forEach(piece -> vocab.addArray().add(piece.text()).add(piece.score()));
    }

    /** By what the folder says of itself; where it says nothing by the file's name. */
    private static String family(String stated, Path file) {
        String lower = stated.toLowerCase(Locale.ROOT);
        if (lower.contains("t5")) {
            return T5;
        }
        if (lower.contains("deberta")) {
            return "deberta-v2";
        } else if (lower.contains("camembert")) {
            return "camembert";
        } else if (lower.contains("xlm") && lower.contains("roberta")) {
            return "xlm-roberta";
        } else if (lower.contains("albert")) {
            return "albert";
        }
        return switch (file.getFileName().toString()) {
            case "spm.model" -> "deberta-v2";
            case "spiece.model" -> "albert";
            case "sentencepiece.bpe.model" -> "xlm-roberta";
            default ->
                throw new OrtuneException(file + ": what makes tokens of it is not known; tokenizer_class of"
                        + " tokenizer_config.json may be LlamaTokenizer, GemmaTokenizer or PreTrainedTokenizerFast, not \""
                        + Printable.of(stated.strip()) + "\"");
        };
    }

    private Layout layout(String family) {
        return switch (family) {
            case "albert" ->
                new Layout(pieces, model.at(1), token("cls_token", "[CLS]"), token("sep_token", "[SEP]"), 1, true);
            case "deberta-v2" -> {
                String unknown = token("unk_token", "[UNK]");
                boolean isThere = pieces.stream().anyMatch(piece -> piece.text().equals(unknown));
                yield new Layout(
                        pieces,
                        isThere ? unknown : model.unknown(),
                        token("cls_token", "[CLS]"),
                        token("sep_token", "[SEP]"),
                        1,
                        true);
            }
            case T5 -> {
                List<Piece> all = new ArrayList<>(pieces);
                for (int i = sentinels() - 1; i >= 0; i--) {
                    all.add(Piece.fixed(sentinel(i)));
                }
                yield new Layout(all, unk(), null, end(), 1, false);
            }
            case "camembert" -> {
                List<Piece> all = new ArrayList<>(List.of(
                        Piece.fixed("<s>NOTUSED"),
                        Piece.fixed(pad()),
                        Piece.fixed("</s>NOTUSED"),
                        Piece.fixed(unk()),
                        new Piece("<unk>NOTUSED", -100, 1)));
                all.addAll(pieces.subList(1, pieces.size()));
                all.add(Piece.fixed(mask()));
                yield new Layout(all, unk(), begin(), end(), 2, false);
            }
            default -> {
                List<Piece> all = new ArrayList<>(
                        List.of(Piece.fixed(begin()), Piece.fixed(pad()), Piece.fixed(end()), Piece.fixed(unk())));
                all.addAll(pieces.subList(Math.min(3, pieces.size()), pieces.size()));
                all.add(Piece.fixed(mask()));
                yield new Layout(all, unk(), begin(), end(), 2, false);
            }
        };
    }

    private int sentinels() {
        int count = stated.setting("extra_ids").asInt(SENTINELS);
        if (count < 0 || count > MOST_SENTINELS) {
            throw model.broken("cannot have " + count + " extra_ids, as tokenizer_config.json says");
        }
        return count;
    }

    private static String sentinel(int number) {
        return "<extra_id_" + number + ">";
    }

    private String begin() {
        return token("bos_token", "<s>");
    }

    private String end() {
        return token("eos_token", "</s>");
    }

    private String pad() {
        return token("pad_token", "<pad>");
    }

    private String unk() {
        return token("unk_token", "<unk>");
    }

    private String mask() {
        return token("mask_token", "<mask>");
    }

    /** A token as the folder's files name it, or as the family usually does. */
    private String token(String key, String usual) {
        return stated.text(key, usual);
    }

    /** Special ones by name, then the control symbols and those that a user defined; what has no id comes after all pieces. */
    private void added(ArrayNode added, String family, Layout layout, Map<String, Integer> ids) {
        Map<String, Boolean> special = new LinkedHashMap<>();
        boolean ofBert = layout.typed();
        List<String> named = new ArrayList<>(List.of(
                layout.end(),
                token("unk_token", ofBert && family.equals("deberta-v2") ? "[UNK]" : "<unk>"),
                token("pad_token", family.equals("deberta-v2") ? "[PAD]" : "<pad>"),
                token("mask_token", ofBert ? "[MASK]" : "<mask>")));
        if (family.equals(T5)) {
            named.remove(named.size() - 1);
            IntStream.range(0, sentinels()).forEach(i -> named.add(sentinel(i)));
        } else {
            named.add(0, layout.begin());
        }
        named.forEach(token -> special.put(token, true));
        if (family.equals("camembert")) {
            List.of("<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED").forEach(token -> special.put(token, true));
        }
        for (Piece piece : pieces) {
            if (piece.isWhole()) {
                special.putIfAbsent(piece.text(), piece.isControl());
            }
        }
        special.forEach((token, isSpecial) -> AddedToken.plain(token, isSpecial)
                .withLeftBlanks(family.equals("camembert") && token.equals(mask()))
                .addTo(added, ids.computeIfAbsent(token, missing -> ids.size())));
    }

    private JsonNode normalizer(String family) {
        boolean hasTable = model.charsmap().length > 0;
        if (family.equals("xlm-roberta") || family.equals("camembert") || family.equals(T5)) {
            return hasTable ? TokenizerParts.precompiled(model.charsmap()) : NullNode.getInstance();
        }
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        boolean lower = stated.setting("do_lower_case").asBoolean(family.equals("albert"));
        if (family.equals("albert")) {
            steps.add(TokenizerParts.replace("String", "``", "\""));
            steps.add(TokenizerParts.replace("String", "''", "\""));
            if (!stated.setting("keep_accents").asBoolean(false)) {
                steps.addObject().put("type", "NFKD");
                steps.addObject().put("type", "StripAccents");
            }
        }
        if (lower) {
            steps.addObject().put("type", "Lowercase");
        }
        if (family.equals("deberta-v2")) {
            // transformers' class does not use the model's own table.
            steps.add(TokenizerParts.replace("Regex", "\\s{2,}|[\\n\\r\\t]", " "));
            steps.addObject().put("type", "NFC");
            steps.addObject().put("type", "Strip").put("strip_left", false).put("strip_right", true);
        } else if (hasTable) {
            steps.add(TokenizerParts.precompiled(model.charsmap()));
        }
        return sequence;
    }

    private static ObjectNode template(Layout layout, Map<String, Integer> ids) {
        int second = layout.typed() ? 1 : 0;
        List<Part> single = new ArrayList<>();
        if (layout.begin() != null) {
            single.add(Part.token(layout.begin(), 0));
        }
        single.add(Part.text("A", 0));
        single.add(Part.token(layout.end(), 0));
        List<Part> pair = new ArrayList<>(single);
        for (int i = 1; i < layout.joint(); i++) {
            pair.add(Part.token(layout.end(), 0));
        }
        pair.add(Part.text("B", second));
        pair.add(Part.token(layout.end(), second));
        return TokenizerParts.template(single, pair, ids);
    }
}

package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * SentencePiece's model of a vocabulary (github.com/google/sentencepiece, sentencepiece_model.proto): pieces with scores, and a
 * table of how text is normalised. What a family makes of it stands in no file but in transformers' code: which pieces come
 * first, what is done to a text before, and what stands around it.
 */
final class SentencePieceFile {
    /** By the families that are known to bring them. */
    private static final List<String> NAMES = List.of("spm.model", "spiece.model", "sentencepiece.bpe.model");

    private static final long LARGEST = 256L << 20;
    private static final int MOST_PIECES = 10_000_000;
    private static final int UNIGRAM = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final String T5 = "t5";

    /** Tokens that T5 has behind the pieces to stand for what was left out of a text, where its files do not say how many. */
    private static final int SENTINELS = 100;

    private static final int MOST_SENTINELS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final ObjectNode config;
    private final List<Piece> pieces = new ArrayList<>();
    private byte[] charsmap = new byte[0];
    private int modelType = UNIGRAM;
    private int unknown;

    private record Piece(String text, double score, int type) {}

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

    private SentencePieceFile(Path file) {
        this.file = file;
        this.config = optional(file.resolveSibling("tokenizer_config.json"));
    }

    /** The one that lies in a folder. */
    static Optional<Path> in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    /** The tokenizer.json that transformers' AutoTokenizer makes of it. */
    static ObjectNode toTokenizerJson(Path file) {
        SentencePieceFile model = new SentencePieceFile(file);
        model.read();
        return model.tokenizerJson();
    }

    private OrtuneException broken(String what) {
        return new OrtuneException(file + ": " + what);
    }

    private void read() {
        try (InputStream stream = Files.newInputStream(file)) {
            if (Files.size(file) > LARGEST) {
                throw broken("is too large for a vocabulary (" + Files.size(file) + " bytes)");
            }
            CodedInputStream in = CodedInputStream.newInstance(stream.readAllBytes());
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> pieces.add(piece(in.readBytes().newCodedInput()));
                    case 2 -> trainer(in.readBytes().newCodedInput());
                    case 3 -> normalizer(in.readBytes().newCodedInput());
                    default -> in.skipField(tag);
                }
                if (pieces.size() > MOST_PIECES) {
                    throw broken("has more than " + MOST_PIECES + " pieces");
                }
            }
        } catch (IOException e) {
            throw new OrtuneException(
                    file + ": is no model of SentencePiece (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
        if (pieces.isEmpty()) {
            throw broken("is no model of SentencePiece: it has no pieces");
        }
        if (modelType != UNIGRAM) {
            throw broken("is not of SentencePiece's unigram kind, the one that encoders of transformers have");
        }
    }

    private Piece piece(CodedInputStream in) throws IOException {
        String text = "";
        double score = 0;
        int type = 1;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> text = in.readStringRequireUtf8();
                case 2 -> score = in.readFloat();
                case 3 -> type = in.readEnum();
                default -> in.skipField(tag);
            }
        }
        if (!Double.isFinite(score)) {
            throw broken("has the piece \"" + Printable.of(text) + "\" whose score is no number");
        }
        return new Piece(text, score, type);
    }

    private void trainer(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 3 -> modelType = in.readEnum();
                case 40 -> unknown = in.readInt32();
                default -> in.skipField(tag);
            }
        }
    }

    private void normalizer(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 2) {
                charsmap = in.readByteArray();
            } else {
                in.skipField(tag);
            }
        }
    }

    private ObjectNode tokenizerJson() {
        String family = family();
        Layout layout = layout(family);
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (Piece piece : layout.pieces()) {
            if (ids.put(piece.text(), ids.size()) != null) {
                throw broken("has the piece \"" + Printable.of(piece.text()) + "\" twice");
            }
        }
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        added(root.putArray("added_tokens"), family, layout, ids);
        root.set("normalizer", normalizer(family));
        boolean prefixSpace = config.path("add_prefix_space").asBoolean(true);
        ArrayNode splits =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        if (!family.equals("deberta-v2")) {
            splits.addObject().put("type", "WhitespaceSplit");
        } else if (config.path("split_by_punct").asBoolean(false)) {
            splits.addObject().put("type", "Punctuation").put("behavior", "Isolated");
        }
        String without = family.equals("deberta-v2") ? "first" : "never";
        metaspace(splits.addObject(), prefixSpace ? "always" : without);
        template(root.putObject("post_processor"), layout, ids);
        metaspace(root.putObject("decoder"), prefixSpace ? "always" : without);
        ObjectNode model = root.putObject("model").put("type", "Unigram");
        Integer unknownId = ids.get(layout.unknown());
        if (unknownId == null || unknownId >= layout.pieces().size()) {
            throw broken("has no piece " + layout.unknown() + ", which stands for what no piece fits");
        }
        model.put("unk_id", unknownId);
        ArrayNode vocab = model.putArray("vocab");
        layout.pieces().forEach(piece -> vocab.addArray().add(piece.text()).add(piece.score()));
        model.put("byte_fallback", false);
        return root;
    }

    /** By what the folder says of itself; where it says nothing by the file's name. */
    private String family() {
        String stated = config.path("tokenizer_class").asText() + " "
                + optional(file.resolveSibling("config.json"))
                        .path("model_type")
                        .asText();
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
            default -> "xlm-roberta";
        };
    }

    private Layout layout(String family) {
        return switch (family) {
            case "albert" ->
                new Layout(pieces, at(1), token("cls_token", "[CLS]"), token("sep_token", "[SEP]"), 1, true);
            case "deberta-v2" -> {
                String stated = token("unk_token", "[UNK]");
                boolean isThere = pieces.stream().anyMatch(piece -> piece.text().equals(stated));
                yield new Layout(
                        pieces,
                        isThere ? stated : at(unknown),
                        token("cls_token", "[CLS]"),
                        token("sep_token", "[SEP]"),
                        1,
                        true);
            }
            case T5 -> {
                List<Piece> all = new ArrayList<>(pieces);
                for (int i = sentinels() - 1; i >= 0; i--) {
                    all.add(fixed(sentinel(i)));
                }
                yield new Layout(all, unk(), null, end(), 1, false);
            }
            case "camembert" -> {
                List<Piece> all = new ArrayList<>(List.of(
                        fixed("<s>NOTUSED"),
                        fixed(pad()),
                        fixed("</s>NOTUSED"),
                        fixed(unk()),
                        new Piece("<unk>NOTUSED", -100, 1)));
                all.addAll(pieces.subList(1, pieces.size()));
                all.add(fixed(mask()));
                yield new Layout(all, unk(), begin(), end(), 2, false);
            }
            default -> {
                List<Piece> all = new ArrayList<>(List.of(fixed(begin()), fixed(pad()), fixed(end()), fixed(unk())));
                all.addAll(pieces.subList(Math.min(3, pieces.size()), pieces.size()));
                all.add(fixed(mask()));
                yield new Layout(all, unk(), begin(), end(), 2, false);
            }
        };
    }

    private int sentinels() {
        int count = config.path("extra_ids").asInt(SENTINELS);
        if (count < 0 || count > MOST_SENTINELS) {
            throw broken("cannot have " + count + " extra_ids, as tokenizer_config.json says");
        }
        return count;
    }

    private static String sentinel(int number) {
        return "<extra_id_" + number + ">";
    }

    private String at(int id) {
        if (id < 0 || id >= pieces.size()) {
            throw broken("has no piece " + id + ", which stands for what no piece fits");
        }
        return pieces.get(id).text();
    }

    private static Piece fixed(String text) {
        return new Piece(text, 0, 1);
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
        JsonNode stated = config.path(key);
        String text = stated.isObject() ? stated.path("content").asText() : stated.asText();
        return text.isEmpty() ? usual : text;
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
            if (piece.type() == CONTROL || piece.type() == USER_DEFINED) {
                special.putIfAbsent(piece.text(), piece.type() == CONTROL);
            }
        }
        special.forEach((token, isSpecial) -> {
            int id = ids.computeIfAbsent(token, missing -> ids.size());
            added.addObject()
                    .put("id", id)
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", family.equals("camembert") && token.equals(mask()))
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", isSpecial);
        });
    }

    private JsonNode normalizer(String family) {
        ObjectNode precompiled = charsmap.length == 0
                ? null
                : JSON.createObjectNode()
                        .put("type", "Precompiled")
                        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap));
        if (family.equals("xlm-roberta") || family.equals("camembert") || family.equals(T5)) {
            return precompiled == null ? JSON.nullNode() : precompiled;
        }
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        boolean lower = config.path("do_lower_case").asBoolean(family.equals("albert"));
        if (family.equals("albert")) {
            replace(steps, "String", "``", "\"");
            replace(steps, "String", "''", "\"");
            if (!config.path("keep_accents").asBoolean(false)) {
                steps.addObject().put("type", "NFKD");
                steps.addObject().put("type", "StripAccents");
            }
        }
        if (lower) {
            steps.addObject().put("type", "Lowercase");
        }
        if (family.equals("deberta-v2")) {
            // transformers' class does not use the model's own table.
            replace(steps, "Regex", "\\s{2,}|[\\n\\r\\t]", " ");
            steps.addObject().put("type", "NFC");
            steps.addObject().put("type", "Strip").put("strip_left", false).put("strip_right", true);
        } else if (precompiled != null) {
            steps.add(precompiled);
        }
        return sequence;
    }

    private static void replace(ArrayNode steps, String kind, String pattern, String by) {
        ObjectNode step = steps.addObject().put("type", "Replace");
        step.putObject("pattern").put(kind, pattern);
        step.put("content", by);
    }

    private static void metaspace(ObjectNode node, String scheme) {
        node.put("type", "Metaspace")
                .put("replacement", "▁")
                .put("prepend_scheme", scheme)
                .put("split", true);
    }

    private static void template(ObjectNode processor, Layout layout, Map<String, Integer> ids) {
        processor.put("type", "TemplateProcessing");
        int second = layout.typed() ? 1 : 0;
        for (String form : List.of("single", "pair")) {
            ArrayNode parts = processor.putArray(form);
            if (layout.begin() != null) {
                part(parts, "SpecialToken", layout.begin(), 0);
            }
            part(parts, "Sequence", "A", 0);
            part(parts, "SpecialToken", layout.end(), 0);
            if (form.equals("pair")) {
                for (int i = 1; i < layout.joint(); i++) {
                    part(parts, "SpecialToken", layout.end(), 0);
                }
                part(parts, "Sequence", "B", second);
                part(parts, "SpecialToken", layout.end(), second);
            }
        }
        ObjectNode special = processor.putObject("special_tokens");
        for (String token : layout.begin() == null ? List.of(layout.end()) : List.of(layout.begin(), layout.end())) {
            ObjectNode node = special.putObject(token).put("id", token);
            node.putArray("ids").add(ids.get(token));
            node.putArray("tokens").add(token);
        }
    }

    private static void part(ArrayNode parts, String kind, String id, int type) {
        parts.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private static ObjectNode optional(Path file) {
        return Files.exists(file) ? JsonFile.readObject(file) : JSON.createObjectNode();
    }
}

package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** BERT's and MPNet's vocab.txt: one WordPiece a line, whose number is its id. */
public final class VocabFile {
    private static final Special BERT =
            new Special(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"), "[MASK]", "[CLS]", "[SEP]");

    /** Its vocabulary is BERT's with four tokens before and one behind it. */
    private static final Special MPNET = new Special(List.of("<s>", "<pad>", "</s>", "[UNK]"), "<mask>", "<s>", "</s>");

    /**
     * The tokens that a family has for its own use.
     *
     * @param required those without which the file is no vocabulary of the family
     * @param mask another one, which may be missing
     * @param begin stands before a text
     * @param end stands behind it
     */
    private record Special(List<String> required, String mask, String begin, String end) {
        static Special of(Map<String, Integer> ids) {
            return ids.keySet().containsAll(List.of("<s>", "<pad>", "</s>")) ? MPNET : BERT;
        }
    }

    /** A vocabulary of a million WordPieces has some 10 MB. */
    private static final long LARGEST = 256L << 20;

    private VocabFile() {}

    /**
     * The tokenizer.json of the family's own tokenizer over this vocabulary.
     *
     * @param lowerCase whether text is lower-cased and stripped of accents, as for "uncased" models
     */
    public static ObjectNode toTokenizerJson(Path vocab, boolean lowerCase) {
        Map<String, Integer> ids = read(vocab);
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        Special special = Special.of(ids);
        Stream.concat(special.required().stream(), Stream.of(special.mask()))
                .filter(ids::containsKey)
                .forEach(addedTokens(root.putArray("added_tokens"), ids));
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", lowerCase);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode processor = root.putObject("post_processor");
        if (special.equals(MPNET)) {
            roberta(processor, ids);
        } else {
            template(processor, ids);
        }
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model");
        model.put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ids.forEach(model.putObject("vocab")::put);
        return root;
    }

    /** Whether no WordPiece has a capital letter, so that text has to be lower-cased to be found in it. */
    static boolean looksLowerCased(Path vocab) {
        return read(vocab).keySet().stream()
                .filter(token -> !token.startsWith("["))
                .noneMatch(token -> token.chars().anyMatch(letter -> letter >= 'A' && letter <= 'Z'));
    }

    private static Consumer<String> addedTokens(ArrayNode added, Map<String, Integer> ids) {
        return token -> added.addObject()
                .put("id", ids.get(token))
                .put("content", token)
                .put("single_word", false)
                // MPNet's mask takes the blank before it.
                .put("lstrip", token.equals(MPNET.mask()))
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    /** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, the second part with type 1. */
    private static void template(ObjectNode processor, Map<String, Integer> ids) {
        processor.put("type", "TemplateProcessing");
        for (String form : List.of("single", "pair")) {
            ArrayNode pieces = processor.putArray(form);
            piece(pieces, "SpecialToken", "[CLS]", 0);
            piece(pieces, "Sequence", "A", 0);
            piece(pieces, "SpecialToken", "[SEP]", 0);
            if (form.equals("pair")) {
                piece(pieces, "Sequence", "B", 1);
                piece(pieces, "SpecialToken", "[SEP]", 1);
            }
        }
        ObjectNode special = processor.putObject("special_tokens");
        for (String token : List.of("[CLS]", "[SEP]")) {
            ObjectNode node = special.putObject(token).put("id", token);
            node.putArray("ids").add(ids.get(token));
            node.putArray("tokens").add(token);
        }
    }

    /** {@code <s> A </s>} and {@code <s> A </s></s> B </s>}. */
    private static void roberta(ObjectNode processor, Map<String, Integer> ids) {
        processor.put("type", "RobertaProcessing");
        processor.putArray("sep").add(MPNET.end()).add(ids.get(MPNET.end()));
        processor.putArray("cls").add(MPNET.begin()).add(ids.get(MPNET.begin()));
        processor.put("trim_offsets", true).put("add_prefix_space", false);
    }

    private static void piece(ArrayNode pieces, String kind, String id, int type) {
        pieces.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private static Map<String, Integer> read(Path vocab) {
        String[] lines = text(vocab).split("\n", -1);
        int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String token = lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
            if (ids.put(token, i) != null) {
                throw new OrtuneException(
                        vocab + ":" + (i + 1) + ": \"" + Printable.of(token) + "\" is there a second time");
            }
        }
        for (String token : Special.of(ids).required()) {
            if (!ids.containsKey(token)) {
                throw new OrtuneException(vocab + ": the token " + token + " is missing; is this BERT's vocabulary?");
            }
        }
        return ids;
    }

    /** The whole of a file of a vocabulary, UTF-8 text. */
    static String text(Path vocab) {
        try {
            if (Files.size(vocab) > LARGEST) {
                throw new OrtuneException(vocab + ": is too large for a vocabulary (" + Files.size(vocab) + " bytes)");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(vocab));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new OrtuneException(vocab + ": is not UTF-8 text", e);
        } catch (IOException e) {
            throw new OrtuneException(vocab + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}

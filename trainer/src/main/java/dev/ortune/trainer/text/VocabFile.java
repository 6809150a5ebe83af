package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.text.TokenizerParts.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        ObjectNode root = TokenizerParts.root();
        Special special = Special.of(ids);
        Stream.concat(special.required().stream(), Stream.of(special.mask()))
                .filter(ids::containsKey)
                .forEach(addedTokens((ArrayNode) root.path("added_tokens"), ids));
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", lowerCase);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        if (special.equals(MPNET)) {
            roberta(root.putObject("post_processor"), ids);
        } else {
            root.set("post_processor", template(ids));
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
        return token -> AddedToken.plain(token, true)
                // MPNet's mask takes the blank before it.
                .withLeftBlanks(token.equals(MPNET.mask()))
                .addTo(added, ids.get(token));
    }

    /** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, the second part with type 1. */
    private static ObjectNode template(Map<String, Integer> ids) {
        List<Part> single = List.of(Part.token("[CLS]", 0), Part.text("A", 0), Part.token("[SEP]", 0));
        List<Part> pair = new ArrayList<>(single);
        pair.addAll(List.of(Part.text("B", 1), Part.token("[SEP]", 1)));
        return TokenizerParts.template(single, pair, ids);
    }

    /** {@code <s> A </s>} and {@code <s> A </s></s> B </s>}. */
    private static void roberta(ObjectNode processor, Map<String, Integer> ids) {
        processor.put("type", "RobertaProcessing");
        processor.putArray("sep").add(MPNET.end()).add(ids.get(MPNET.end()));
        processor.putArray("cls").add(MPNET.begin()).add(ids.get(MPNET.begin()));
        processor.put("trim_offsets", true).put("add_prefix_space", false);
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

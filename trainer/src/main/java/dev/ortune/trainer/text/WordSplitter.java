package dev.ortune.trainer.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Splits texts into the words that a tokenizer would make its tokens of, as the tokenizer itself normalises and splits them. What is
 * asked is a tokenizer that knows bytes alone, whose tokens tell the words to the last character.
 */
public final class WordSplitter implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;

    private WordSplitter(ObjectNode json) {
        TokenizerLibrary.keepLocal();
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        json.putArray("added_tokens");
        json.putNull("post_processor").putNull("decoder");
        ObjectNode model = json.putObject("model").put("type", "BPE").put("fuse_unk", false);
        model.put("byte_fallback", true).putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix").putArray("merges");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocabulary.put(String.format(Locale.ROOT, "<0x%02X>", value), value);
        }
        Map<String, String> options =
                Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** BERT's words: of letters, or one sign of punctuation. */
    public static WordSplitter bert(boolean lowerCase) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", lowerCase);
        json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        return new WordSplitter(json);
    }

    /** GPT-2's and RoBERTa's words, each with the blank before it, whose characters stand for bytes. */
    public static WordSplitter byteLevel() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.putNull("normalizer");
        json.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        return new WordSplitter(json);
    }

    /** The 256 characters that stand for bytes there: those that can be seen for themselves, the others moved behind them. */
    public static List<String> byteCharacters() {
        List<String> characters = new ArrayList<>();
        int moved = 0x100;
        for (int value = 0; value < 0x100; value++) {
            boolean seen = (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
            characters.add(Character.toString(seen ? value : moved++));
        }
        return characters;
    }

    /** The words of all texts, using all cores. */
    public List<String> words(List<String> texts) {
        List<String> words = new ArrayList<>();
        if (texts.isEmpty()) {
            return words;
        }
        for (var encoding : tokenizer.batchEncode(
                texts.stream().map(TextTokenizer::wellFormed).toList())) {
            long[] ids = encoding.getIds();
            long[] places = encoding.getWordIds();
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            for (int i = 0; i < ids.length; i++) {
                word.write((int) ids[i]);
                if (i == ids.length - 1 || places[i + 1] != places[i]) {
                    words.add(word.toString(StandardCharsets.UTF_8));
                    word.reset();
                }
            }
        }
        return words;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

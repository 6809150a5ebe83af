package dev.ortune.trainer.corpus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.text.WordSplitter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Learns a tokenizer from texts: the same texts give the same tokenizer.
 *
 * @param kind of tokens
 * @param size tokens at most, special ones included
 * @param least occurrences of what becomes a token
 * @param lowerCase whether WordPieces are of texts in lower case without accents
 */
public record TokenizerTraining(Kind kind, int size, long least, boolean lowerCase) {
    /** As Hugging Face's own BERT tokenizer takes them. */
    private static final int MOST_CHARACTERS = 1000;

    private static final List<String> BERTS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final List<String> ROBERTAS = List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>");
    private static final String GOES_ON = "##";

    /** Kinds of tokens. */
    public enum Kind {
        /** BERT's, in vocab.txt. */
        WORDPIECE,
        /** RoBERTa's, of bytes, in vocab.json and merges.txt. */
        BPE;

        /** The word on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public TokenizerTraining {
        int fewest = kind == Kind.BPE ? ROBERTAS.size() + 256 : BERTS.size() + 1;
        if (size < fewest || size > 1_000_000) {
            throw new OrtuneException("--vocab-size must be from " + fewest + " to 1000000, not " + size);
        }
        if (least < 1) {
            throw new OrtuneException("--min-frequency must be at least 1, not " + least);
        }
    }

    /**
     * Learns it and writes the vocabulary's files, of which all others of a tokenizer can be made.
     *
     * @param files of texts
     * @param column the key of a JSON object's text
     * @param folder where to
     * @return how many tokens it has
     */
    public int learn(List<Path> files, String column, Path folder) {
        boolean pieces = kind == Kind.WORDPIECE;
        Map<String, Long> words;
        try (WordSplitter splitter = pieces ? WordSplitter.bert(lowerCase) : WordSplitter.byteLevel()) {
            words = WordCounts.of(files, column, splitter);
        }
        if (words.isEmpty()) {
            throw new OrtuneException(files.get(0) + ": has no text");
        }
        PairMerges learnt = new PairMerges(
                words,
                pieces
                        ? new PairMerges.Start(BERTS, List.of(), MOST_CHARACTERS, GOES_ON)
                        : new PairMerges.Start(ROBERTAS, WordSplitter.byteCharacters(), Integer.MAX_VALUE, ""));
        learnt.learn(size, least);
        if (pieces) {
            write(folder.resolve("vocab.txt"), String.join("\n", learnt.tokens()) + "\n");
        } else {
            ObjectNode vocabulary = new ObjectMapper().createObjectNode();
            learnt.tokens().forEach(token -> vocabulary.put(token, vocabulary.size()));
            AtomicFile.write(folder.resolve("vocab.json"), JsonFile.bytes(vocabulary));
            write(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", learnt.merges()) + "\n");
        }
        ObjectNode settings = new ObjectMapper().createObjectNode();
        settings.put("tokenizer_class", pieces ? "BertTokenizer" : "RobertaTokenizer");
        if (pieces) {
            settings.put("do_lower_case", lowerCase);
        }
        AtomicFile.write(folder.resolve("tokenizer_config.json"), JsonFile.bytes(settings));
        return learnt.tokens().size();
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}

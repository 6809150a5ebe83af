package dev.ortune.trainer.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.PairList;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Text in, token ids out, by the tokenizer.json of a model folder. Safe for several threads at once; close it when done,
 * since its memory lies outside the heap.
 */
public final class TextTokenizer implements AutoCloseable {
    /** Texts that one thread encodes at a time: bounds the memory outside the heap, while keeping all cores at work. */
    private static final int BATCH = 32;

    private final Path file;
    private final HuggingFaceTokenizer tokenizer;
    private final String[] tokens;
    private final int padId;
    private final int maskId;
    private final int endId;
    private final BitSet specialIds;
    private final Truncation truncation;

    private TextTokenizer(
            HuggingFaceTokenizer tokenizer, TokenizerJson json, int maxLength, TruncationStrategy strategy) {
        this.file = json.file();
        this.tokenizer = tokenizer;
        this.tokens = json.tokens();
        this.padId = SpecialTokens.padId(json);
        this.maskId = SpecialTokens.maskId(json).orElse(-1);
        this.endId = SpecialTokens.endId(json).orElse(-1);
        this.specialIds = SpecialTokens.ids(json);
        this.truncation =
                new Truncation(maxLength, json.truncatesLeft(), strategy == null ? json.strategy() : strategy);
    }

    /**
     * Loads the tokenizer.json of {@code folder}, or makes one of its vocab.txt.
     *
     * @param maxLength tokens to cut to, special tokens included; what the file says about truncation and padding is
     *     overridden
     */
    public static TextTokenizer load(Path folder, int maxLength) {
        return load(folder, maxLength, Form.TEXTS);
    }

    /** Likewise, for texts of a form. */
    public static TextTokenizer load(Path folder, int maxLength, Form form) {
        return load(folder, maxLength, form, null);
    }

    /**
     * Likewise, with a way to cut pairs.
     *
     * @param strategy null for that of the folder
     */
    public static TextTokenizer load(Path folder, int maxLength, Form form, TruncationStrategy strategy) {
        TokenizerJson json = TokenizerJson.read(folder, form);
        HuggingFaceTokenizer tokenizer = open(json);
        try {
            int special = encoded(json.file(), () -> tokenizer.encode("", "")).getIds().length;
            if (maxLength <= special) {
                throw new OrtuneException("a maximal length of " + maxLength + " leaves no room for text beside "
                        + special + " special tokens");
            }
            return new TextTokenizer(tokenizer, json, maxLength, strategy);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** How texts come. */
    public enum Form {
        /** As they are written. */
        TEXTS,
        /** Split into words, each of which begins as one that a blank stands before. */
        WORDS
    }

    private static HuggingFaceTokenizer open(TokenizerJson json) {
        TokenizerLibrary.keepLocal();
        Map<String, String> options =
                Map.of("addSpecialTokens", "true", "truncation", "do_not_truncate", "padding", "do_not_pad");
        // The native library ends the process when it finds no object in the place of a decoder, which nobody needs
        // here.
        PostProcessor.require(json.file(), json.json());
        Charsmap.require(json.file(), json.json());
        byte[] bytes = json.json().deepCopy().putNull("decoder").toString().getBytes(StandardCharsets.UTF_8);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
        } catch (IOException | RuntimeException e) {
            throw new OrtuneException(
                    json.file() + ": is no usable tokenizer (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    /**
     * Encodes one text, or a pair of texts.
     *
     * @param pair the second text, or null
     */
    public Encoding encode(String text, String pair) {
        return truncated(encoded(
                file,
                () -> pair == null
                        ? tokenizer.encode(wellFormed(text))
                        : tokenizer.encode(wellFormed(text), wellFormed(pair))));
    }

    /**
     * Encodes a question and a context, with as many of the context's tokens as have room each time, as Hugging Face's
     * tokenizer gives them with {@code return_overflowing_tokens} and {@code only_second}.
     *
     * @param stride tokens of the context that one window shares with the next
     * @return the windows in order, one at least, with their spans
     * @throws OrtuneException when the question leaves no more room than the stride takes
     */
    public List<Encoding> windows(String question, String context, int stride) {
        String whole = wellFormed(context);
        var encoding = encoded(file, () -> tokenizer.encode(wellFormed(question), whole));
        return new Windows(truncation.maxLength(), stride)
                .of(encoding.getIds(), encoding.getTypeIds(), sequences(encoding), encoding.getCharTokenSpans());
    }

    /**
     * Encodes single texts without cutting anything off, in the thread that asks.
     *
     * @param special whether with the special tokens of a text
     * @param words whether with where words go on, which takes longer
     */
    public List<Pieces> pieces(List<String> texts, boolean special, boolean words) {
        return encoded(file, () -> texts.stream()
                .map(text -> pieces(wellFormed(text), special, words))
                .toList());
    }

    /** Asks the native library for what is wanted alone: all that DJL's own call asks it for takes as long as encoding. */
    private Pieces pieces(String text, boolean special, boolean words) {
        long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, special);
        try {
            long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
            long[] isSpecial = special ? TokenizersLibrary.LIB.getSpecialTokenMask(encoding) : new long[ids.length];
            int[] tokens = new int[ids.length];
            int end = 0;
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = Math.toIntExact(ids[i]);
                end = isSpecial[i] == 0 ? 0 : end + 1;
            }
            if (words) {
                markWords(tokens, isSpecial, TokenizersLibrary.LIB.getTokenCharSpans(encoding));
            }
            return new Pieces(tokens, end);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /** As transformers' whole word masking tells words apart: a token goes on with one where the text has no gap before it. */
    private static void markWords(int[] tokens, long[] special, CharSpan[] spans) {
        for (int i = 1; i < tokens.length; i++) {
            if (special[i] == 0
                    && special[i - 1] == 0
                    && spans[i] != null
                    && spans[i - 1] != null
                    && spans[i].getStart() == spans[i - 1].getEnd()) {
                tokens[i] |= Pieces.CONTINUES;
            }
        }
    }

    /** Encodes a text that is split into words, for which the tokenizer must have been loaded. */
    public Encoding encodeWords(List<String> words) {
        return cut(encoded(file, () -> tokenizer.encode(wellFormed(words))));
    }

    /** Encodes single texts, using all cores. */
    public List<Encoding> encodeAll(List<String> texts) {
        return batches(
                texts.size(),
                (from, to) -> tokenizer.batchEncode(wellFormed(texts.subList(from, to))),
                this::truncated);
    }

    /** Encodes pairs of texts, using all cores; {@code pairs} is as long as {@code texts}. */
    public List<Encoding> encodeAll(List<String> texts, List<String> pairs) {
        if (texts.size() != pairs.size()) {
            throw new IllegalArgumentException(texts.size() + " texts but " + pairs.size() + " second texts");
        }
        return batches(
                texts.size(),
                (from, to) -> {
                    PairList<String, String> batch = new PairList<>();
                    for (int i = from; i < to; i++) {
                        batch.add(wellFormed(texts.get(i)), wellFormed(pairs.get(i)));
                    }
                    return tokenizer.batchEncode(batch);
                },
                this::truncated);
    }

    /** What the native library makes of the texts from one on to before another. */
    private interface BatchEncoding {
        ai.djl.huggingface.tokenizers.Encoding[] encode(int from, int to);
    }

    /**
     * Encodes texts on all cores. The native library by itself has all cores at work while it encodes, but hands over one array
     * after the other in the thread that asked, which takes longer: so several threads ask.
     */
    private <T> List<T> batches(
            int texts, BatchEncoding encoding, Function<ai.djl.huggingface.tokenizers.Encoding, T> result) {
        return IntStream.range(0, (texts + BATCH - 1) / BATCH)
                .parallel()
                .mapToObj(batch -> {
                    int from = batch * BATCH;
                    return encoded(file, () -> encoding.encode(from, Math.min(from + BATCH, texts)));
                })
                .flatMap(Arrays::stream)
                .map(result)
                .toList();
    }

    /** The token of each id, as a person can read it; {@code [length]}. */
    public String[] tokens(int[] ids) {
        String[] names = new String[ids.length];
        for (int i = 0; i < ids.length; i++) {
            boolean known = ids[i] >= 0 && ids[i] < tokens.length && tokens[ids[i]] != null;
            names[i] = known ? tokens[ids[i]] : "<" + ids[i] + ">";
        }
        return names;
    }

    /** The id that fills up a batch's shorter rows. */
    public int padId() {
        return padId;
    }

    /** The id that hides others; empty where the tokenizer has none. */
    public OptionalInt maskId() {
        return maskId < 0 ? OptionalInt.empty() : OptionalInt.of(maskId);
    }

    /** The id that ends a text for a model that writes texts; empty where the tokenizer has none. */
    public OptionalInt endId() {
        return endId < 0 ? OptionalInt.empty() : OptionalInt.of(endId);
    }

    /** The ids of all special tokens. */
    public BitSet specialIds() {
        return (BitSet) specialIds.clone();
    }

    /** One more than the largest id: the rows that the word embedding must have at least. */
    public int vocabSize() {
        return tokens.length;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** Some files are found out by a text alone: one without a token for unknown words, for instance. */
    private static <T> T encoded(Path file, Supplier<T> encoding) {
        try {
            return encoding.get();
        } catch (RuntimeException e) {
            throw new OrtuneException(
                    file + ": cannot encode a text (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    private Encoding truncated(ai.djl.huggingface.tokenizers.Encoding encoding) {
        return cut(encoding).withoutWords();
    }

    private Encoding cut(ai.djl.huggingface.tokenizers.Encoding encoding) {
        Encoding cut =
                truncation.cut(encoding.getIds(), encoding.getTypeIds(), sequences(encoding), encoding.getWordIds());
        return cut.length() > 0 ? cut : ofNothing();
    }

    /** A text without a token, which only a tokenizer without special ones leaves so: a network must see one at least. */
    private Encoding ofNothing() {
        return new Encoding(new int[] {padId}, new int[1], new int[] {Encoding.NO_WORD}, 0);
    }

    private static long[] sequences(ai.djl.huggingface.tokenizers.Encoding encoding) {
        long[] sequences = encoding.getSequenceIds().clone();
        long[] special = encoding.getSpecialTokenMask();
        for (int i = 0; i < sequences.length; i++) {
            if (special[i] != 0) {
                sequences[i] = -1;
            }
        }
        return sequences;
    }

    /**
     * The text with U+FFFD in the place of each half of a surrogate pair: that is no character, and UTF-8, the tokenizer's
     * own strings included, has no place for it.
     */
    public static String wellFormed(String text) {
        boolean whole = text.codePoints().noneMatch(TextTokenizer::isSurrogate);
        return whole
                ? text
                : text.codePoints()
                        .map(point -> isSurrogate(point) ? 0xfffd : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static List<String> wellFormed(List<String> texts) {
        return texts.stream().map(TextTokenizer::wellFormed).toList();
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}

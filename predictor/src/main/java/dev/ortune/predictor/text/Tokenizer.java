package dev.ortune.predictor.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.files.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text in, tokens out, by tokenizer.json. Safe for several threads at once. */
public final class Tokenizer implements AutoCloseable {
    private static final String SMALLEST =
            "{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"a\"}}";

    private final HuggingFaceTokenizer whole;
    private final int maxLength;
    private final Optional<Subwords> subwords;
    private final Decoding decoding;
    private final Sides sides;
    private final Prefix prefix;
    /** What {@link #specimen} is made of. A file without a token for unknown words is found out by it. */
    private final Encoding word;

    /**
     * Where texts are changed at their ends.
     *
     * @param cutLeft whether too long ones are cut at their beginning
     * @param padLeft whether shorter ones of a batch are filled up there
     * @param strategy which of a pair is cut
     */
    private record Sides(boolean cutLeft, boolean padLeft, TruncationStrategy strategy) {
        static Sides of(ObjectNode json, TokenizerConfig config) {
            return new Sides(
                    config.isLeft("truncation_side", json.at("/truncation/direction")),
                    config.isLeft("padding_side", json.at("/padding/direction")),
                    config.truncationStrategy());
        }
    }

    private Tokenizer(
            HuggingFaceTokenizer whole,
            int maxLength,
            Optional<Subwords> subwords,
            Decoding decoding,
            Sides sides,
            Prefix prefix) {
        this.whole = whole;
        this.maxLength = maxLength;
        this.subwords = subwords;
        this.decoding = decoding;
        this.sides = sides;
        this.prefix = prefix;
        this.word = whole.encode("a");
        if (word.getIds().length == 0) {
            throw new IllegalArgumentException("it has no token for a word");
        }
    }

    /** Loads the native library, and the classes around it, by the smallest tokenizer that there can be. */
    public static void preload() {
        try (HuggingFaceTokenizer tokenizer = loaded(SMALLEST.getBytes(StandardCharsets.UTF_8))) {
            tokenizer.encode("a");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HuggingFaceTokenizer loaded(byte[] json) throws IOException {
        // Before DJL's first class is touched: no reports of its use, no downloads.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json),
                Map.of("addSpecialTokens", "true", "truncation", "do_not_truncate", "padding", "do_not_pad"));
    }

    /**
     * Loads tokenizer.json.
     *
     * @param modelType as config.json has it; or empty
     * @param maxLength the most tokens that the model takes, special ones included
     * @param named whether the names and places of tokens are wanted
     */
    public static Tokenizer open(Path folder, String modelType, int maxLength, boolean named) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(file + ": no such file");
        }
        ObjectNode json = named ? JsonFile.readObject(file) : TokenizerFile.read(file);
        TokenizerConfig config = TokenizerConfig.read(folder);
        TokenizerSettings.apply(file, json, config, modelType);
        Optional<Subwords> subwords = named ? Optional.of(Subwords.of(file, json, config.json())) : Optional.empty();
        Sides sides = Sides.of(json, config);
        Decoding decoding = Decoding.of(file, json.path("decoder"));
        byte[] stripped = stripped(file, json);
        HuggingFaceTokenizer whole = null;
        try {
            whole = loaded(stripped);
            return new Tokenizer(whole, maxLength, subwords, decoding, sides, Prefix.read(folder));
        } catch (IOException | RuntimeException e) {
            if (whole != null) {
                whole.close();
            }
            throw new OrtuneException(
                    file + ": is no usable tokenizer (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    /**
     * Only JSON that is whole reaches the native library, which ends the process when it finds something else where it
     * expects an object; what it would need for decoding is left out.
     */
    private static byte[] stripped(Path file, ObjectNode json) {
        json.putNull("decoder");
        PostProcessor.require(file, json);
        Charsmap.require(file, json);
        return JsonFile.line(json);
    }

    /** Encodes a text; one that is too long is cut or refused. */
    public EncodedText encode(TextInput input, Truncation truncation) {
        Encoding encoding = encoded(input);
        int excess = encoding.getIds().length - maxLength;
        if (excess > 0 && truncation == Truncation.NONE) {
            throw new RequestException(
                    ErrorType.VALIDATION,
                    "`inputs` must have less than " + maxLength + " tokens. Given: " + encoding.getIds().length);
        }
        EncodedText encoded = new EncodedText(
                encoding.getIds(),
                encoding.getTypeIds(),
                subwords.map(rule -> tokens(rule, input, encoding)).orElse(Tokens.NONE));
        return excess > 0 ? Shortening.of(encoded, encoding, maxLength, truncation, sides.strategy) : encoded;
    }

    /**
     * Encodes a question and its context, in as many windows as it takes.
     *
     * @param input the question, and the context as its pair
     * @param question which of a request's questions it is
     */
    public List<EncodedText> windows(TextInput input, int question, Windows windows) {
        return windows.of(encoded(input), question);
    }

    private static Tokens tokens(Subwords rule, TextInput input, Encoding encoding) {
        String pair = input.pair() == null ? null : wellFormed(input.pair());
        return rule.tokens(wellFormed(input.text()), pair, encoding);
    }

    /** On which side texts that are too long are cut where nobody says it. */
    public Truncation truncation() {
        return sides.cutLeft ? Truncation.LEFT : Truncation.RIGHT;
    }

    /** Whether the shorter texts of a batch are to be filled up on the left. */
    public boolean padsLeft() {
        return sides.padLeft;
    }

    /**
     * A text of so many tokens to try a model with: special ones where they belong, and a word's in between. Where there is no
     * room for all special ones, the last stay, since models look for the token that ends a text.
     */
    public EncodedText specimen(int length) {
        long[] special = word.getSpecialTokenMask();
        List<Integer> places =
                IntStream.range(0, special.length).boxed().collect(Collectors.toCollection(ArrayList::new));
        int middle =
                places.stream().filter(place -> special[place] == 0).findFirst().orElse(0);
        while (places.size() < length) {
            places.add(places.indexOf(middle), middle);
        }
        while (places.size() > length) {
            places.remove(Math.max(0, places.indexOf(middle)));
        }
        long[] ids = places.stream().mapToLong(place -> word.getIds()[place]).toArray();
        return new EncodedText(
                ids,
                places.stream().mapToLong(place -> word.getTypeIds()[place]).toArray());
    }

    /** The ids of a text of any length as a model that writes reads it: with what it was told before each, and special tokens. */
    public long[] ids(String text) {
        return encoded(TextInput.of(text)).getIds();
    }

    /** The tokens of a text of any length. */
    public List<TextToken> tokens(String text, boolean special) {
        String read = wellFormed(text);
        try {
            return Places.tokens(read, whole.encode(read, special, false));
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /**
     * The text of tokens; ids that there are none of are left out.
     *
     * @param skipSpecial whether special tokens are left out, too
     * @throws RequestException when this tokenizer's tokens cannot be put together
     */
    public String decode(long[] ids, boolean skipSpecial) {
        return decoding.decode(whole, ids, skipSpecial);
    }

    /** Some files are found out by a text alone: one without a token for unknown words, for instance. */
    private Encoding encoded(TextInput input) {
        TextInput read = prefix.before(input);
        try {
            return read.pair() == null
                    ? whole.encode(wellFormed(read.text()))
                    : whole.encode(wellFormed(read.text()), wellFormed(read.pair()));
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    private static RequestException refused(RuntimeException e) {
        String why = Printable.of(String.valueOf(e.getMessage()));
        return new RequestException(ErrorType.TOKENIZER, "Tokenization error: " + why, e);
    }

    /** Where a text that is cut on the right ends, in UTF-16 units; another's own end. */
    public int end(String text) {
        Encoding encoding = encoded(TextInput.of(text));
        int excess = encoding.getIds().length - maxLength;
        if (excess <= 0) {
            return text.length();
        }
        long[] special = encoding.getSpecialTokenMask();
        int[] places = IntStream.range(0, special.length)
                .filter(place -> special[place] == 0)
                .toArray();
        CharSpan last = encoding.getCharTokenSpans()[places[Math.max(1, places.length - excess) - 1]];
        int before = prefix.first().codePointCount(0, prefix.first().length());
        return text.offsetByCodePoints(0, Math.max(0, last.getEnd() - before));
    }

    /** Half a surrogate pair is no character; the tokenizer's own language has no strings with one. */
    private static String wellFormed(String text) {
        boolean whole = text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        return whole
                ? text
                : text.codePoints()
                        .map(point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    @Override
    public void close() {
        whole.close();
    }
}

package dev.ortune.exporter.verify;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The model's tokenizer, cutting texts to its maximal length. */
public final class TextEncoder implements AutoCloseable {
    private final Path file;
    private final HuggingFaceTokenizer tokenizer;

    private final Prefix prefix;

    private TextEncoder(Path file, HuggingFaceTokenizer tokenizer, Prefix prefix) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.prefix = prefix;
    }

    /**
     * Loads tokenizer.json.
     *
     * @param maxLength tokens a text, special ones included
     */
    public static TextEncoder open(Path folder, int maxLength) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(file + ": no such file");
        }
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "maxLength", Integer.toString(maxLength),
                "modelMaxLength", Integer.toString(maxLength),
                "padding", "false");
        // Before DJL's first class is touched: no reports of its use, no downloads.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        try {
            return new TextEncoder(
                    file,
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json(file)), options),
                    Prefix.read(folder));
        } catch (OrtuneException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new OrtuneException(
                    file + ": is no usable tokenizer (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    /**
     * Only JSON that is whole reaches the native library, which ends the process when it finds something else where it
     * expects an object; what it would need for decoding is left out.
     */
    private static byte[] json(Path file) {
        ObjectNode json = JsonFile.readObject(file);
        json.putNull("decoder");
        PostProcessor.require(file, json);
        Charsmap.require(file, json);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A text's tokens; some files are found out here alone: one without a token for unknown words, for instance. */
    public Encoding encode(LabelledText given) {
        LabelledText text = prefix.before(given);
        try {
            return text.pair() == null
                    ? tokenizer.encode(wellFormed(text.text()))
                    : tokenizer.encode(wellFormed(text.text()), wellFormed(text.pair()));
        } catch (RuntimeException e) {
            throw new OrtuneException(
                    file + ": cannot encode a text (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    /** Half a surrogate pair is no character; the tokenizer's own language has no strings with one. */
    private static String wellFormed(String text) {
        return text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

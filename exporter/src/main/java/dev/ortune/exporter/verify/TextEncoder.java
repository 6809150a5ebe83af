package dev.ortune.exporter.verify;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The model's tokenizer, cutting texts to its maximal length. */
public final class TextEncoder implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;

    private TextEncoder(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
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
        try {
            return new TextEncoder(HuggingFaceTokenizer.newInstance(file, options));
        } catch (IOException | RuntimeException e) {
            throw new OrtuneException(
                    file + ": is no usable tokenizer (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    Encoding encode(LabelledText text) {
        return text.pair() == null ? tokenizer.encode(text.text()) : tokenizer.encode(text.text(), text.pair());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

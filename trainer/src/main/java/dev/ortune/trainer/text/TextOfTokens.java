package dev.ortune.trainer.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Token ids in, text out, by the tokenizer.json of a model folder. Close it when done, since its memory lies outside the heap. */
public final class TextOfTokens implements AutoCloseable {
    private final Path file;
    private final HuggingFaceTokenizer tokenizer;

    private TextOfTokens(Path file, HuggingFaceTokenizer tokenizer) {
        this.file = file;
        this.tokenizer = tokenizer;
    }

    /**
     * Loads the tokenizer of {@code folder}.
     *
     * @throws OrtuneException when it is broken, or its decoder is none
     */
    public static TextOfTokens load(Path folder) {
        TokenizerJson json = TokenizerJson.read(folder);
        // The native library ends the process where it finds something else.
        if (json.json().hasNonNull("decoder")
                && !json.json().at("/decoder/type").isTextual()) {
            throw new OrtuneException(json.file() + ": its decoder has no type");
        }
        PostProcessor.require(json.file(), json.json());
        Charsmap.require(json.file(), json.json());
        TokenizerLibrary.keepLocal();
        byte[] bytes = json.json().toString().getBytes(StandardCharsets.UTF_8);
        try {
            return new TextOfTokens(
                    json.file(), HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), Map.of()));
        } catch (IOException | RuntimeException e) {
            throw failed(json.file(), "is no usable tokenizer", e);
        }
    }

    private static OrtuneException failed(Path file, String what, Exception e) {
        return new OrtuneException(file + ": " + what + " (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
    }

    /** The text of tokens, special ones left out. */
    public String text(long[] ids) {
        try {
            return tokenizer.decode(ids, true);
        } catch (RuntimeException e) {
            throw failed(file, "cannot put tokens together", e);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

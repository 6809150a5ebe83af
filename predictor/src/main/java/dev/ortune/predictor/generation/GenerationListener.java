package dev.ortune.predictor.generation;

import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;

/** Told what becomes of a text; called by the thread that generates, which must not be held up. */
public interface GenerationListener {
    /**
     * A token was added.
     *
     * @param whole all that was added, where it is the last one; null where there will be more
     */
    void added(GeneratedToken token, GeneratedText whole);

    /** Something went wrong; nothing comes after. */
    void failed(RuntimeException failure);
}

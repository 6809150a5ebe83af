package dev.ortune.trainer.data;

import java.io.Closeable;
import java.io.IOException;

/** Reads a file of words with a label each, sentence by sentence. */
interface TaggedSentences extends Closeable {
    /** The next sentence, or null at the end. */
    TaggedSentence next() throws IOException;
}

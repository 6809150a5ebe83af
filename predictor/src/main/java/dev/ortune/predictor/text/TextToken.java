package dev.ortune.predictor.text;

/**
 * A token for whoever looks at how a text is read.
 *
 * @param id in the vocabulary
 * @param text what it stands for in the text; of a special one its name
 * @param special whether it was put beside the text
 * @param start where it begins, in bytes of the text as UTF-8, as text-embeddings-inference counts
 * @param stop one past its last
 */
public record TextToken(long id, String text, boolean special, int start, int stop) {}

package dev.ortune.trainer.pull;

/**
 * The vocabulary of a published BERT.
 *
 * @param language of the texts that it was trained on, as a model card has it
 * @param size how many WordPieces
 * @param lowerCase whether texts are lower-cased first
 */
record Vocabulary(String language, int size, boolean lowerCase) {
    static final Vocabulary ENGLISH = new Vocabulary("en", 30522, true);
}

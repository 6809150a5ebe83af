package dev.ortune.predictor;

/**
 * A token that was added to a text.
 *
 * @param id in the vocabulary
 * @param text what it adds; empty where a character is not whole yet
 * @param logprob the logarithm of its probability before any token was left out
 * @param special whether it is none of the text, such as the one that ends it
 */
public record GeneratedToken(long id, String text, double logprob, boolean special) {}

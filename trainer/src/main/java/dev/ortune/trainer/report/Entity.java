package dev.ortune.trainer.report;

/**
 * Some words in a row that name one thing.
 *
 * @param type of what, such as PER
 * @param first position of its first word
 * @param last position of its last word
 */
public record Entity(String type, int first, int last) {}

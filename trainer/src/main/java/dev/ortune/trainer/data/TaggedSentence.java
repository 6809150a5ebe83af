package dev.ortune.trainer.data;

import java.util.List;

/**
 * A sentence as a file has it, its labels not looked at yet.
 *
 * @param line the line in which it begins, counted from 1
 * @param words the words, one at least
 * @param labels of each word, as written; null where one is missing
 * @param lines the line of each word, counted from 1
 */
record TaggedSentence(long line, List<String> words, List<String> labels, List<Long> lines) {}

package dev.ortune.trainer.report;

/**
 * How good the answers to some questions are.
 *
 * @param count number of questions
 * @param exactMatch share of answers with the words of a right one
 * @param f1 mean F1 of their words
 */
public record AnswerScore(long count, double exactMatch, double f1) {}

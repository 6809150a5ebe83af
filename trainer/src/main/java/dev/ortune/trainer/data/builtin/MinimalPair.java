package dev.ortune.trainer.data.builtin;

/** Two sentences that differ in what makes only the first acceptable. */
record MinimalPair(String acceptable, String unacceptable) {}

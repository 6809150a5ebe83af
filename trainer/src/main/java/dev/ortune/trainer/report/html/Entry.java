package dev.ortune.trainer.report.html;

/** A name and what belongs to it. */
record Entry(String name, String value) {}

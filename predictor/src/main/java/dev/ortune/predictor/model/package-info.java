/** A model's folder in sessions, with its tokenizer and its batcher. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.model;

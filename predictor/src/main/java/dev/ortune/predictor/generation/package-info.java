/** Texts that are gone on with, a token at a time. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.generation;

/** Texts to tokens and back. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.text;

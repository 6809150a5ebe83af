/**
 * Answers texts with exported models. {@link dev.ortune.predictor.Predictor} is the way in; with it belong its {@link
 * dev.ortune.predictor.PredictorBuilder options}, what it takes ({@link dev.ortune.predictor.Input}), what it gives ({@link
 * dev.ortune.predictor.Answer}), and its two exceptions. All other packages are internal to Ortune's modules.
 */
package dev.ortune.predictor;

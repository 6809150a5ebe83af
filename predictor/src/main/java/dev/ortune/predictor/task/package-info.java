/** What a model was trained for and what its logits mean. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.task;

/** What stands in a model's files, and how it is told. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.files;

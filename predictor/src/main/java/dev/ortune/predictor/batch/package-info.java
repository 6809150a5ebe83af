/** Texts of many requests in one run. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.batch;

/** What each word does to a verdict. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.interpret;

/** The CPU or a GPU, and which ONNX Runtime is loaded. Internal to Ortune's modules: it may change with any version. */
package dev.ortune.predictor.device;

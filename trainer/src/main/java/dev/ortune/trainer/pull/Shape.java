package dev.ortune.trainer.pull;

/**
 * The sizes of a BERT, as its published config.json gives them.
 *
 * @param architecture Hugging Face's class for the published weights
 * @param layers number of encoder layers
 * @param width hidden size
 * @param heads attention heads a layer
 * @param intermediate width of the feed-forward layer
 */
record Shape(String architecture, int layers, int width, int heads, int intermediate) {}

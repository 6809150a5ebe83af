package dev.ortune.predictor;

/** What a model is asked about: a text or a pair of texts, or for models that choose a text with its choices. */
public sealed interface Input permits Choices, TextInput {}

package dev.ortune.predictor;

/** What a model says of an {@link Input}: one type for each task. */
public sealed interface Answer
        permits ChosenText, GeneratedText, LabelScores, MaskFillings, SpanAnswers, TokenEntities {}

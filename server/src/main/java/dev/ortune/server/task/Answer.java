package dev.ortune.server.task;

/** What a model says of a text: one type for each {@link Task}. */
public sealed interface Answer permits ChosenText, LabelScores, MaskFillings, SpanAnswers, TokenEntities {}

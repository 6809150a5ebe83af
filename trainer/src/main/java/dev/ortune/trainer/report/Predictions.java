package dev.ortune.trainer.report;

/** What a model said of each example of a set, in the set's order. */
public sealed interface Predictions
        permits AnswerPredictions,
                ChoicePredictions,
                ClassPredictions,
                TokenPredictions,
                NumberPredictions,
                LabelSetPredictions,
                WrittenPredictions {
    /** Number of examples. */
    int size();

    /** How good they are. */
    Metrics metrics();
}

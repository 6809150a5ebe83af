package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import java.util.Map;

/** Scores with an interval for each metric. */
public sealed interface IntervalScores extends Scores
        permits AnswerScores, ChoiceScores, TokenScores, NumberScores, LabelSetScores, WrittenScores {
    /** Over bootstrap samples, in the order in which people read them. */
    Map<Metric, Interval> intervals();
}

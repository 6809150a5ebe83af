package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.plot.Figure;
import java.util.List;

/** What was measured on the sets that a run held out, as a page shows it; each task has its own. */
sealed interface Results
        permits AnswerResults,
                ChoiceResults,
                ClassResults,
                TokenResults,
                NumberResults,
                LabelSetResults,
                WrittenResults {
    /** What is seen first. */
    List<Tile> tiles();

    /** Plots. */
    List<Figure> figures();
}

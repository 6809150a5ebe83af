package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSource;
import java.util.List;
import java.util.function.Consumer;

/** Looks at the loss and the gradient of each step before they reach the weights. */
final class NanGuard {
    /** Steps in a row that may be skipped: more of them do not come from a few odd sentences. */
    private static final int MOST_IN_A_ROW = 10;

    /** A run that goes on keeps its hyper-parameters. */
    private static final String ADVICE = "; try a lower --learning-rate with --overwrite";

    private final OnNan onNan;
    private final BatchSource train;
    private final Consumer<String> notice;
    private int inARow;

    /**
     * @param train where the batches come from
     * @param notice told in a line of each step that is skipped
     */
    NanGuard(OnNan onNan, BatchSource train, Consumer<String> notice) {
        this.onNan = onNan;
        this.train = train;
        this.notice = notice;
    }

    /**
     * Whether a step's update is to be made.
     *
     * @param step its number, from 1
     * @param loss mean over its batches
     * @throws NotANumberException when the run is to end instead; it names the step and what was in it
     */
    boolean accepts(int step, double loss, TrainingSession session, List<Batch> batches) {
        if (Double.isFinite(loss) && session.hasFiniteGradient()) {
            inARow = 0;
            return true;
        }
        inARow++;
        String what = (Double.isFinite(loss) ? "The gradient's norm is " + session.gradNorm() : "The loss is " + loss)
                + " at step " + step + " (" + train.named(batches) + ")";
        if (onNan == OnNan.STOP) {
            throw new NotANumberException(what + ADVICE + ", or --on-nan skip");
        }
        if (inARow > MOST_IN_A_ROW) {
            throw new OrtuneException(
                    what + ", as at the " + MOST_IN_A_ROW + " before it, which were skipped" + ADVICE);
        }
        notice.accept(what + ", which is skipped");
        return false;
    }
}

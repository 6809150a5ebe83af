package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at the loss and the gradient of each step before they reach the weights. */
final class NanGuard {
    /** Steps in a row that may be skipped: more of them do not come from a few odd sentences. */
    private static final int MOST_IN_A_ROW = 10;

    private static final int SENTENCES_NAMED = 3;
    private static final int CHARACTERS = 40;

    private final OnNan onNan;
    private final Dataset train;
    private int inARow;

    /** @param train the set that the batches' rows are of */
    NanGuard(OnNan onNan, Dataset train) {
        this.onNan = onNan;
        this.train = train;
    }

    /**
     * Whether a step's update is to be made.
     *
     * @param step its number, from 1
     * @param loss mean over its batches
     * @throws OrtuneException when the run is to end instead; it names the step and what was in it
     */
    boolean accepts(int step, double loss, TrainingSession session, List<Batch> batches) {
        if (Double.isFinite(loss) && session.hasFiniteGradient()) {
            inARow = 0;
            return true;
        }
        inARow++;
        String what = Double.isFinite(loss) ? "The gradient's norm is " + session.gradNorm() : "The loss is " + loss;
        if (onNan == OnNan.STOP) {
            throw new OrtuneException(what + " at step " + step + " (" + rows(batches)
                    + "); try a lower --learning-rate, or --on-nan skip");
        }
        if (inARow > MOST_IN_A_ROW) {
            throw new OrtuneException(what + " at step " + step + ", as at the " + MOST_IN_A_ROW
                    + " before it, which were skipped; try a lower --learning-rate");
        }
        return false;
    }

    private String rows(List<Batch> batches) {
        List<Integer> rows = new ArrayList<>();
        for (Batch batch : batches) {
            for (int row : batch.rows()) {
                rows.add(row);
            }
        }
        String named = rows.stream().limit(SENTENCES_NAMED).map(this::row).collect(Collectors.joining(", "));
        int more = rows.size() - SENTENCES_NAMED;
        return "sentences " + named + (more > 0 ? " and " + more + " more" : "");
    }

    private String row(int row) {
        String text = train.examples().get(row).text();
        String start = text.length() <= CHARACTERS ? text : text.substring(0, CHARACTERS) + "…";
        return "\"" + Printable.of(start) + "\"";
    }
}

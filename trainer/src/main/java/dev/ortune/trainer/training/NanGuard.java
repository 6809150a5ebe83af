package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Target;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks at the loss and the gradient of each step before they reach the weights. */
final class NanGuard {
    /** Steps in a row that may be skipped: more of them do not come from a few odd sentences. */
    private static final int MOST_IN_A_ROW = 10;

    /** A run that goes on keeps its hyper-parameters. */
    private static final String ADVICE = "; try a lower --learning-rate with --overwrite";

    private static final int LINES_NAMED = 64;
    private static final int SENTENCES_NAMED = 3;

    private final OnNan onNan;
    private final EncodedDataset train;
    private final Consumer<String> notice;
    private int inARow;

    /**
     * @param train the set that the batches' rows are of
     * @param notice told in a line of each step that is skipped
     */
    NanGuard(OnNan onNan, EncodedDataset train, Consumer<String> notice) {
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
                + " at step " + step + " (" + rows(batches) + ")";
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

    /** The step's examples: their lines, or where they are of no file the sentences themselves. */
    private String rows(List<Batch> batches) {
        List<Example> examples = batches.stream()
                .flatMap(batch -> Arrays.stream(batch.rows()).mapToObj(train::example))
                .distinct()
                .toList();
        return examples.stream().allMatch(example -> example.line() > 0)
                ? (examples.get(0).target() instanceof Target.WordLabels ? "sentences at lines " : "lines ")
                        + first(LINES_NAMED, examples, example -> Long.toString(example.line())) + " of "
                        + train.dataset().name()
                : "sentences "
                        + first(SENTENCES_NAMED, examples, example -> "\"" + Printable.of(example.text()) + "\"");
    }

    private static String first(int named, List<Example> examples, Function<Example, String> name) {
        int more = examples.size() - named;
        return examples.stream().limit(named).map(name).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}

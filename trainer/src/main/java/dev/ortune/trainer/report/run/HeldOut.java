package dev.ortune.trainer.report.run;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One example that the model was not trained on.
 *
 * @param sentence the text, or the first text of a pair
 * @param pair the second text, or null
 * @param source where it is from as its data set says, or the empty string
 * @param tokens its tokens, special ones and those that were cut off included; -1 where nobody wrote them down
 */
public record HeldOut(String sentence, String pair, String source, int tokens) {
    public static final int UNKNOWN = -1;

    /** Whether two sets are of the same texts. */
    static boolean areSame(List<HeldOut> some, List<HeldOut> others) {
        return some.size() == others.size()
                && IntStream.range(0, some.size())
                        .allMatch(
                                i -> some.get(i).sentence().equals(others.get(i).sentence())
                                        && Objects.equals(
                                                some.get(i).pair(),
                                                others.get(i).pair()));
    }
}

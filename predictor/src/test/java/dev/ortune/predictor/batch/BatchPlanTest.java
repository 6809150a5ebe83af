package dev.ortune.predictor.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Divisions of waiting texts into runs. */
class BatchPlanTest {
    private static final int BUDGET = 300;
    private static final int START = 32;
    private static final BatchPlan TIGHT = new BatchPlan(BUDGET, START);
    private static final BatchPlan WIDE = new BatchPlan(16384, START);

    @Test
    void likeLengthsRunTogetherAndOthersDoNot() {
        int[] lengths = {9, 10, 11, 12, 90, 95};
        assertThat(WIDE.run(lengths, 2)).containsExactly(0, 4);
        assertThat(WIDE.run(lengths, 4)).containsExactly(4, 6);
    }

    @Test
    void aFewShorterOnesAreFilledUpWhenThatIsCheaperThanARun() {
        assertThat(WIDE.run(new int[] {8, 20, 20, 20}, 3)).containsExactly(0, 4);
    }

    @Test
    void whereARunCostsMuchAllRunTogether() {
        int[] lengths = {9, 10, 11, 12, 90, 95};
        assertThat(new BatchPlan(16384, 2000).run(lengths, 2)).containsExactly(0, 6);
        assertThat(new BatchPlan(BUDGET, 2000).run(lengths, 2)).containsExactly(0, 4);
    }

    @Test
    void aTextOverTheBudgetRunsAlone() {
        assertThat(TIGHT.run(new int[] {500, 500}, 1)).containsExactly(1, 2);
    }

    /** No other division of the same texts costs less. */
    @Test
    void theDivisionIsTheCheapest() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int[] lengths = random.ints(1 + random.nextInt(10), 3, 128).sorted().toArray();
            assertThat(cost(lengths)).as(Arrays.toString(lengths)).isEqualTo(cheapest(lengths, 0));
        }
    }

    /** What the plan's runs cost, followed from the longest text to the shortest. */
    private static long cost(int[] lengths) {
        long cost = 0;
        int end = lengths.length;
        while (end > 0) {
            int[] run = TIGHT.run(lengths, end - 1);
            assertThat(run[1]).isEqualTo(end);
            assertThat(run[0] == end - 1 || lengths[end - 1] * (end - run[0]) <= BUDGET)
                    .isTrue();
            cost += START + (long) lengths[end - 1] * (end - run[0]);
            end = run[0];
        }
        return cost;
    }

    /** By trying all. */
    private static long cheapest(int[] lengths, int from) {
        if (from == lengths.length) {
            return 0;
        }
        long best = Long.MAX_VALUE;
        for (int to = from + 1; to <= lengths.length; to++) {
            long tokens = (long) lengths[to - 1] * (to - from);
            if (to == from + 1 || tokens <= BUDGET) {
                best = Math.min(best, START + tokens + cheapest(lengths, to));
            }
        }
        return best;
    }
}

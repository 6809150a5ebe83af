package dev.ortune.server.batch;

/**
 * Divides waiting texts into runs so that all of them together are done soonest. A run's time grows with its tokens, what
 * rows are filled up with included, and starting one costs as much as some tokens more; so texts of like lengths
 * belong together, and a few of other lengths may still be cheaper beside them than in a run of their own. The division is
 * found as in TurboTransformers (Fang et al., PPoPP 2021), by dynamic programming over the texts in the order of their
 * lengths: {@code cost[j] = min over i < j of cost[i] + START + (j - i) · length[j - 1]}.
 */
public final class BatchPlan {
    /**
     * What starting a run on a CPU costs, in tokens: fitted to the times of 1 x 16 and 32 x 16 tokens in
     * bench/results/export.md it is 16 to 40 for MiniLM and BERT-base, in float32 and in int8.
     */
    private static final int START = 32;

    private BatchPlan() {}

    /**
     * The run that a text belongs to.
     *
     * @param lengths of all texts in tokens, ascending, {@code [texts]}
     * @param wanted the text's place among them
     * @param maxBatchTokens the most tokens in a run; a longer text has one of its own
     * @return the first text of its run, and the one after the last
     */
    public static int[] run(int[] lengths, int wanted, int maxBatchTokens) {
        int count = lengths.length;
        long[] cost = new long[count + 1];
        int[] first = new int[count + 1];
        for (int end = 1; end <= count; end++) {
            long length = lengths[end - 1];
            cost[end] = Long.MAX_VALUE;
            for (int start = end - 1; start >= 0; start--) {
                long tokens = length * (end - start);
                if (start < end - 1 && tokens > maxBatchTokens) {
                    break;
                }
                if (cost[start] + START + tokens < cost[end]) {
                    cost[end] = cost[start] + START + tokens;
                    first[end] = start;
                }
            }
        }
        int end = count;
        while (first[end] > wanted) {
            end = first[end];
        }
        return new int[] {first[end], end};
    }
}

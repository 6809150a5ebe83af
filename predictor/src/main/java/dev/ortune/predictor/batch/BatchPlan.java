package dev.ortune.predictor.batch;

/**
 * Divides waiting texts into runs so that all of them together are done soonest. A run's time grows with its tokens, what
 * rows are filled up with included, and starting one costs as much as some tokens more; so texts of like lengths
 * belong together, and a few of other lengths may still be cheaper beside them than in a run of their own. The division is
 * found as in TurboTransformers (Fang et al., PPoPP 2021), by dynamic programming over the texts in the order of their
 * lengths: {@code cost[j] = min over i < j of cost[i] + start + (j - i) · length[j - 1]}.
 *
 * @param maxBatchTokens the most tokens in a run; a longer text has one of its own
 * @param start what starting a run costs, in tokens
 */
public record BatchPlan(int maxBatchTokens, int start) {
    /**
     * What starting a run on a CPU costs, in tokens: fitted to the times of 1 x 16 and 32 x 16 tokens in
     * bench/results/export.md it is 16 to 40 for MiniLM and BERT-base, in float32 and in int8.
     */
    public static final int CPU_START = 32;

    /**
     * The run that a text belongs to.
     *
     * @param lengths of all texts in tokens, ascending, {@code [texts]}
     * @param wanted the text's place among them
     * @return the first text of its run, and the one after the last
     */
    public int[] run(int[] lengths, int wanted) {
        int count = lengths.length;
        long[] cost = new long[count + 1];
        int[] first = new int[count + 1];
        for (int end = 1; end <= count; end++) {
            long length = lengths[end - 1];
            cost[end] = Long.MAX_VALUE;
            for (int from = end - 1; from >= 0; from--) {
                long tokens = length * (end - from);
                if (from < end - 1 && tokens > maxBatchTokens) {
                    break;
                }
                if (cost[from] + start + tokens < cost[end]) {
                    cost[end] = cost[from] + start + tokens;
                    first[end] = from;
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

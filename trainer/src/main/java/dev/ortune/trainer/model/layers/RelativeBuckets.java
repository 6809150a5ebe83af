package dev.ortune.trainer.model.layers;

/**
 * T5's buckets of distances (Raffel et al. 2020, arXiv:1910.10683): one each for the nearest, then ever wider ones, up to a
 * farthest distance from which on there is one for all.
 *
 * @param count how many there are
 * @param farthest the distance of the last one
 * @param bothWays whether keys behind the query have buckets of their own, the second half of them; else they are as near as
 *     can be
 */
public record RelativeBuckets(int count, int farthest, boolean bothWays) {
    public RelativeBuckets {
        if (exact(count, bothWays) < 1 || farthest <= exact(count, bothWays)) {
            throw new IllegalArgumentException(count + " buckets for distances up to " + farthest);
        }
    }

    private static int exact(int count, boolean bothWays) {
        return (bothWays ? count / 2 : count) / 2;
    }

    /** The bucket of a distance; in float32, as transformers computes it. */
    public int of(int queryMinusKey) {
        int all = bothWays ? count / 2 : count;
        int base = bothWays && queryMinusKey < 0 ? all : 0;
        int distance = bothWays ? Math.abs(queryMinusKey) : Math.max(0, queryMinusKey);
        int exact = all / 2;
        if (distance < exact) {
            return base + distance;
        }
        float ratio = (float) Math.log((float) distance / exact) / (float) Math.log((double) farthest / exact);
        return base + Math.min(all - 1, exact + (int) (ratio * (all - exact)));
    }
}

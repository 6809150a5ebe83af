package dev.ortune.trainer.data;

import java.util.List;
import java.util.stream.Stream;

/** Where a loop's batches come from: from examples in memory, or from texts that would not fit in there. */
public interface BatchSource {
    /** Sequences an epoch, or examples where those of one stay together. */
    int size();

    /**
     * The batches of an epoch without the first so many, the same whenever asked again. Each is made when it is taken.
     *
     * @param epoch counted from 0
     */
    Stream<Batch> epoch(int epoch, int from);

    /** What some of its batches hold, in words by which a person finds it. */
    String named(List<Batch> batches);
}

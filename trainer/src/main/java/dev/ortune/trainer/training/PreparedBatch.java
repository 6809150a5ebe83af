package dev.ortune.trainer.training;

import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import java.util.Map;

/** A batch and the numbers that a session's graphs take for it. */
public final class PreparedBatch {
    private final Batch batch;
    private final Map<String, Array> arrays;

    PreparedBatch(Batch batch, Map<String, Array> arrays) {
        this.batch = batch;
        this.arrays = arrays;
    }

    /** What it was made from. */
    public Batch batch() {
        return batch;
    }

    Map<String, Array> arrays() {
        return arrays;
    }
}

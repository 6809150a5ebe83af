package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.pretrained.Weights;
import java.nio.file.Path;

/** The form of a checkpoint that models over a third of 2 GB get, for models of any size. */
public final class SplitCheckpoint {
    private SplitCheckpoint() {}

    /** Writes it over one that holds its data itself. */
    public static void write(Path file, Weights weights) {
        Checkpoint.write(file, weights, 0);
    }
}

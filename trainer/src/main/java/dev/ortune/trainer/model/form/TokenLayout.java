package dev.ortune.trainer.model.form;

import java.util.Locale;

/** How a batch's tokens lie where a GPU treats them one by one. */
public enum TokenLayout {
    /** Padding is left out: least arithmetic; attention's heads are picked by index. */
    PACKED,
    /** Padding is computed like any token: attention's heads are transposed, and shapes recur. */
    PADDED;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.ortune.trainer.training;

/** Ends a run when so many evaluations in a row brought nothing better. */
public final class EarlyStopping {
    private final int patience;
    private int worse;

    /** @param patience evaluations in a row without improvement after which to stop; 0 for never */
    public EarlyStopping(int patience) {
        if (patience < 0) {
            throw new IllegalArgumentException("patience must not be negative: " + patience);
        }
        this.patience = patience;
    }

    /** Takes note of an evaluation and says whether to stop. */
    public boolean stopsAfter(boolean improved) {
        worse = improved ? 0 : worse + 1;
        return patience > 0 && worse >= patience;
    }
}

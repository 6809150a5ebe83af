package dev.ortune.trainer.model.form;

/** The three linear layers before an attention. */
public enum Projection {
    QUERY(0),
    KEY(1),
    VALUE(2);

    private final int place;

    Projection(int place) {
        this.place = place;
    }

    /** The place of its weights where those of all three lie together. */
    int place() {
        return place;
    }
}

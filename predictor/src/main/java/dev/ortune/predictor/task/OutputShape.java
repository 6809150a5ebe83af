package dev.ortune.predictor.task;

/** Of an output of a graph, for texts of which the longest has {@code sequence} tokens. */
public enum OutputShape {
    /** {@code [batch, labels]}. */
    TEXT {
        @Override
        public int width(int tokens, int labels) {
            return labels;
        }

        @Override
        public long[] of(int batch, int sequence, int labels) {
            return new long[] {batch, labels};
        }
    },
    /** {@code [batch, sequence, labels]}. */
    TOKEN {
        @Override
        public int width(int tokens, int labels) {
            return Math.multiplyExact(tokens, labels);
        }

        @Override
        public long[] of(int batch, int sequence, int labels) {
            return new long[] {batch, sequence, labels};
        }
    },
    /** {@code [batch, choices]}, where each text is a choice of its own: {@code [batch, 1]}. */
    CHOICE {
        @Override
        public int width(int tokens, int labels) {
            return 1;
        }

        @Override
        public long[] of(int batch, int sequence, int labels) {
            return new long[] {batch, 1};
        }
    },
    /** {@code [batch, sequence]}. */
    PLACE {
        @Override
        public int width(int tokens, int labels) {
            return tokens;
        }

        @Override
        public long[] of(int batch, int sequence, int labels) {
            return new long[] {batch, sequence};
        }
    };

    /** Whether it has numbers of labels. */
    public boolean isOfLabels() {
        return this == TEXT || this == TOKEN;
    }

    /** How many numbers a text of so many tokens has. */
    public abstract int width(int tokens, int labels);

    /** The whole shape. */
    public abstract long[] of(int batch, int sequence, int labels);
}

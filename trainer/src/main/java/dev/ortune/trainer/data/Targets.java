package dev.ortune.trainer.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** What a graph is told of each encoded example of a set under one name, such as {@code labels}: its loss is made of it. */
public sealed interface Targets {
    /** Where a loss looks away, as PyTorch's cross entropy does by default. */
    long IGNORED = -100;

    /** Number of examples. */
    int size();

    /**
     * Those of a batch.
     *
     * @param rows position of each example
     * @param length tokens that each is padded to
     * @return an array whose first axis counts the examples
     */
    Array collate(int[] rows, int length);

    /**
     * A number an example.
     *
     * @param values {@code [examples]}
     */
    record OneAnExample(long[] values) implements Targets {
        @Override
        public int size() {
            return values.length;
        }

        /** {@code [rows]} */
        @Override
        public Array collate(int[] rows, int length) {
            return new Array(Arrays.stream(rows).mapToLong(row -> values[row]).toArray(), rows.length);
        }
    }

    /**
     * A number a token.
     *
     * @param values {@code [examples][tokens]}
     */
    record OneAToken(long[][] values) implements Targets {
        @Override
        public int size() {
            return values.length;
        }

        /** {@code [rows, length]}, padded with {@link #IGNORED} */
        @Override
        public Array collate(int[] rows, int length) {
            return padded(values, rows, length, IGNORED);
        }
    }

    /**
     * Tokens an example, as many as it has.
     *
     * @param values {@code [examples][places]}
     * @param padding behind them
     */
    record Sequences(long[][] values, long padding) implements Targets {
        /** Those that a loss looks at. */
        public Sequences(long[][] values) {
            this(values, IGNORED);
        }

        /** The same one place later, behind a first one: what a decoder reads to tell them. */
        public Sequences behind(long first) {
            long[][] later = new long[values.length][];
            for (int i = 0; i < later.length; i++) {
                later[i] = new long[values[i].length];
                later[i][0] = first;
                System.arraycopy(values[i], 0, later[i], 1, values[i].length - 1);
            }
            return new Sequences(later, first);
        }

        @Override
        public int size() {
            return values.length;
        }

        /** {@code [rows, longest]} */
        @Override
        public Array collate(int[] rows, int length) {
            int longest =
                    Arrays.stream(rows).map(row -> values[row].length).max().orElseThrow();
            return padded(values, rows, longest, padding);
        }
    }

    /**
     * Numbers an example.
     *
     * @param values {@code [examples][width]}
     * @param flat whether each has one number, so that a batch has no second axis
     */
    record Numbers(float[][] values, boolean flat) implements Targets {
        @Override
        public int size() {
            return values.length;
        }

        /** {@code [rows, width]}, or {@code [rows]} */
        @Override
        public Array collate(int[] rows, int length) {
            int width = values[0].length;
            float[] numbers = new float[Math.multiplyExact(rows.length, width)];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(values[rows[i]], 0, numbers, i * width, width);
            }
            return flat ? new Array(numbers, rows.length) : new Array(numbers, rows.length, width);
        }
    }

    private static Array padded(long[][] values, int[] rows, int length, long padding) {
        long[] padded = new long[Math.multiplyExact(rows.length, length)];
        Arrays.fill(padded, padding);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values[rows[i]], 0, padded, i * length, values[rows[i]].length);
        }
        return new Array(padded, rows.length, length);
    }

    /** The number of each example, {@code [examples]}. */
    static Targets ofNumbers(Dataset dataset) {
        float[][] values = dataset.examples().stream()
                .map(example -> new float[] {((Target.NumberLabel) example.target()).value()})
                .toArray(float[][]::new);
        return new Numbers(values, true);
    }

    /** 1 for each label that an example has, else 0, {@code [examples][labels]}. */
    static Targets ofLabelSets(Dataset dataset) {
        float[][] values = dataset.examples().stream()
                .map(example -> {
                    float[] set = new float[dataset.labels().count()];
                    example.target().ids().forEach(label -> set[label] = 1);
                    return set;
                })
                .toArray(float[][]::new);
        return new Numbers(values, false);
    }

    /** The label of each example as a whole. */
    static Targets ofClasses(Dataset dataset) {
        return new OneAnExample(IntStream.range(0, dataset.size())
                .mapToLong(row -> dataset.examples().get(row).label())
                .toArray());
    }
}

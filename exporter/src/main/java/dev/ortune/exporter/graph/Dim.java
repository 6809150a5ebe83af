package dev.ortune.exporter.graph;

/**
 * One dimension of a value: a size, or a name for a size that is known only when the graph runs.
 *
 * @param size the size, or -1
 * @param symbol the name, or null where the size is known
 */
public record Dim(long size, String symbol) {
    public Dim {
        if (size < 0 == (symbol == null)) {
            throw new IllegalArgumentException("A dimension has a size or a name, not " + size + " and " + symbol);
        }
    }

    public static Dim of(long size) {
        return new Dim(size, null);
    }

    public static Dim of(String symbol) {
        return new Dim(-1, symbol);
    }

    public boolean fixed() {
        return symbol == null;
    }

    @Override
    public String toString() {
        return fixed() ? Long.toString(size) : symbol;
    }
}

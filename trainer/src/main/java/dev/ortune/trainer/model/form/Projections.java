package dev.ortune.trainer.model.form;

import java.util.List;

/**
 * The linear layers before an attention.
 *
 * @param names those of the query's, the key's and the value's, or one where the three are one
 * @param bias whether they have biases
 */
public record Projections(List<String> names, boolean bias) {
    public Projections {
        names = List.copyOf(names);
        if (names.size() != 1 && names.size() != Projection.values().length) {
            throw new IllegalArgumentException("No attention has " + names.size() + " projections");
        }
    }

    /** One each, with biases. */
    public static Projections of(String query, String key, String value) {
        return new Projections(List.of(query, key, value), true);
    }

    /** One for all three, whose rows follow one another. */
    public static Projections ofOne(String name, boolean bias) {
        return new Projections(List.of(name), bias);
    }

    boolean areOne() {
        return names.size() == 1;
    }

    String first() {
        return names.get(0);
    }

    String name(Projection which) {
        return names.get(areOne() ? 0 : which.place());
    }

    /** The module that they are in: {@code attention.self} for {@code attention.self.query}. */
    String module() {
        return first().substring(0, Math.max(0, first().lastIndexOf('.')));
    }

    /** What stands for all of them. */
    String part() {
        return areOne() ? first() : module();
    }
}

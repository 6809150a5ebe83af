package dev.ortune.trainer.model.form;

import java.util.List;

/**
 * The names and sizes of an attention, and how queries and keys are compared.
 *
 * @param query name of the query's projection
 * @param key name of the key's
 * @param value name of the value's
 * @param heads how many
 * @param headSize width of each
 * @param dropout of the probabilities
 * @param scores how well a query and a key match
 */
public record Attention(
        String query, String key, String value, int heads, int headSize, double dropout, Scores scores) {
    List<String> projections() {
        return List.of(query, key, value);
    }

    String name(Projection which) {
        return projections().get(which.place());
    }

    int width() {
        return heads * headSize;
    }

    /** What stands for the three projections: {@code attention.self} for {@code attention.self.query}. */
    String module() {
        return query.substring(0, Math.max(0, query.lastIndexOf('.')));
    }
}

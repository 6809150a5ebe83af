package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Heads;
import dev.ortune.trainer.model.form.Scores;

/**
 * Dot products and a number a head that is added by how far apart two tokens are, the same in all layers: it is laid out once
 * for all of them in which all tokens ask.
 */
public final class RelativeBias implements Scores {
    static final String TABLE = "relative_attention_bias";

    private final Distances distances;
    private final Scores products;
    /** {@code [heads, distances]} */
    private final Value byDistance;

    private Value byPlace;

    /**
     * The size of the table {@code relative_attention_bias}.
     *
     * @param rows one a bucket
     * @param heads numbers of each
     */
    public record Table(int rows, int heads) {}

    /**
     * Looks the numbers up.
     *
     * @param form in the scope of the table
     * @param numbers the row of each distance: int64 {@code [distances]}
     * @param products what the numbers are added to
     */
    public RelativeBias(Form form, Table table, Distances distances, Value numbers, Scores products) {
        this.distances = distances;
        this.products = products;
        this.byDistance = byDistance(form, table, numbers);
    }

    private static Value byDistance(Form form, Table table, Value numbers) {
        Value picked = form.lookup(TABLE, table.rows(), table.heads(), numbers);
        return form.toLayers(form.ops().in(TABLE).transpose(picked, 1, 0));
    }

    /**
     * The numbers of a causal attention by places: those of keys behind the query are far below any score.
     *
     * @return {@code [heads, places, places]}
     */
    public static Value causal(Form form, Table table, Distances distances, RelativeBuckets buckets) {
        Ops ops = form.ops().in(TABLE);
        Value numbers = distances.numbers(buckets::of, buckets.farthest(), ops);
        Value isBehind = distances.numbers(queryMinusKey -> queryMinusKey < 0 ? 1 : 0, 1, ops);
        Value apart = ops.mul(ops.cast(isBehind, ElementType.FLOAT), ops.scalar(form.masked()));
        Value byDistance = byDistance(form, table, numbers);
        Value all = ops.add(byDistance, form.toLayers(apart));
        return distances.places(ops, repeated(ops, all, table.heads(), distances));
    }

    @Override
    public Value of(Heads heads) {
        Ops ops = heads.ops();
        Value scores = products.of(heads);
        if (heads.ofFirst()) {
            Value row = distances.ofFirst(ops, byDistance, -1);
            return ops.add(scores, ops.reshape(row, Shape.of(heads.count(), 1, distances.sequence())));
        }
        if (byPlace == null) {
            byPlace = distances.places(ops, repeated(ops, byDistance, heads.count(), distances));
        }
        return ops.add(scores, byPlace);
    }

    /** {@code [heads, sequence, distances]}: the same row for each token that asks. */
    private static Value repeated(Ops ops, Value byDistance, int heads, Distances distances) {
        Dim all = byDistance.shape().dim(-1);
        Value rowEach = ops.reshape(byDistance, Shape.of(heads, 1, all));
        Value sizes = ops.concat(0, new Dim(null, 3), ops.vector(1), distances.length(), ops.vector(1));
        return ops.expand(rowEach, sizes, Shape.of(heads, distances.sequence(), all));
    }
}

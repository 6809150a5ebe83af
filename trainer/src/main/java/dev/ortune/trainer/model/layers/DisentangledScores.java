package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Heads;
import dev.ortune.trainer.model.form.Projection;
import dev.ortune.trainer.model.form.Scores;
import java.util.function.IntUnaryOperator;

/**
 * DeBERTa's scores (He et al. 2021, arXiv:2006.03654, equation 4): queries with keys, queries with the keys of distances, and
 * keys with the queries of distances. Keys and queries of distances are projected for those that a batch has.
 */
public final class DisentangledScores implements Scores {
    private final Distances distances;
    private final Terms terms;
    private final Value rows;
    private final Value embeddings;
    private final int mostTokens;
    private final double dropout;

    /**
     * Which terms there are beside queries with keys.
     *
     * @param contentToPosition queries with the keys of distances
     * @param positionToContent keys with the queries of distances
     * @param shared whether distances go through the projections of the tokens, or have their own
     */
    public record Terms(boolean contentToPosition, boolean positionToContent, boolean shared) {
        int count() {
            return 1 + (contentToPosition ? 1 : 0) + (positionToContent ? 1 : 0);
        }
    }

    /**
     * Before the distances have embeddings.
     *
     * @param row the row of a distance in their table
     * @param mostTokens of the longest sequence
     * @param dropout of their embeddings, in each layer anew
     */
    public DisentangledScores(Form form, Terms terms, IntUnaryOperator row, int mostTokens, double dropout) {
        this.distances = Distances.of(form);
        this.terms = terms;
        this.rows = distances.numbers(row, mostTokens);
        this.embeddings = null;
        this.mostTokens = mostTokens;
        this.dropout = dropout;
    }

    private DisentangledScores(DisentangledScores other, Value embeddings) {
        this.distances = other.distances;
        this.terms = other.terms;
        this.rows = other.rows;
        this.embeddings = embeddings;
        this.mostTokens = other.mostTokens;
        this.dropout = other.dropout;
    }

    /** The rows of the table that a batch reaches: int64 {@code [distances]}. */
    public Value rows() {
        return rows;
    }

    /** The same with embeddings of these rows, {@code [distances, hidden]}. */
    public DisentangledScores with(Value embedded) {
        return new DisentangledScores(this, embedded);
    }

    @Override
    public Value of(Heads heads) {
        double divisor = Math.sqrt((double) heads.size() * terms.count());
        Ops ops = heads.ops();
        Value seen = heads.ofFirst() ? distances.ofFirst(ops, embeddings, 0) : embeddings;
        Value dropped = heads.form().dropout(seen, dropout);
        Value scores = heads.products(divisor);
        if (terms.contentToPosition()) {
            Value keys = projected(heads, Projection.KEY, dropped, divisor);
            Value byDistance = ops.matMul(heads.queries(), byHead(heads, keys, 1, 2, 0));
            scores = ops.add(scores, heads.ofFirst() ? byDistance : distances.places(ops, byDistance));
        }
        if (terms.positionToContent()) {
            Value queries = projected(heads, Projection.QUERY, dropped, divisor);
            scores = ops.add(scores, heads.ofFirst() ? ofFirst(heads, queries) : ofAll(heads, queries));
        }
        return scores;
    }

    /** Of the distances to the first token, each key meets one. */
    private static Value ofFirst(Heads heads, Value queries) {
        Ops ops = heads.ops();
        Value products = ops.mul(heads.keys(), byHead(heads, queries, 1, 0, 2));
        return exchanged(ops, ops.reduceSum(products, true, products.shape().rank() - 1));
    }

    private Value ofAll(Heads heads, Value queries) {
        Ops ops = heads.ops();
        Value toQueries = byHead(heads, distances.mirrored(ops, queries, mostTokens), 1, 2, 0);
        return exchanged(ops, distances.places(ops, ops.matMul(heads.keys(), toQueries)));
    }

    /** {@code [rows, heads * head size]}, divided while it is small. */
    private Value projected(Heads heads, Projection which, Value x, double divisor) {
        String own = which == Projection.KEY ? "attention.self.pos_key_proj" : "attention.self.pos_query_proj";
        Value result = terms.shared()
                ? heads.projection(which, x)
                : heads.form().linear(own, x, (long) heads.count() * heads.size());
        return heads.ops().mul(result, heads.ops().as(heads.ops().scalar((float) (1 / divisor)), result.type()));
    }

    /** {@code [rows, heads, head size]} with its axes in another order. */
    private static Value byHead(Heads heads, Value x, long... permutation) {
        Dim rows = x.shape().dim(0);
        return heads.ops().transpose(heads.ops().reshape(x, Shape.of(rows, heads.count(), heads.size())), permutation);
    }

    private static Value exchanged(Ops ops, Value x) {
        long[] permutation = new long[x.shape().rank()];
        for (int i = 0; i < permutation.length; i++) {
            permutation[i] = i;
        }
        permutation[permutation.length - 2] = permutation.length - 1L;
        permutation[permutation.length - 1] = permutation.length - 2L;
        return ops.transpose(x, permutation);
    }
}

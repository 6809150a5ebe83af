package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import java.util.function.Supplier;

/** What {@link Scores} are made of: the queries and keys of one attention, head by head. */
public final class Heads {
    /** How a form multiplies the two. */
    @FunctionalInterface
    interface Products {
        Value over(double divisor);
    }

    private final Form form;
    private final Attention attention;
    private final boolean ofFirst;
    private final Value queries;
    private final Supplier<Value> keys;
    private final Products products;

    /**
     * Of a form.
     *
     * @param form in the scope of the layer
     * @param ofFirst whether first tokens alone ask
     * @param keys made where they are asked for
     */
    Heads(Form form, Attention attention, boolean ofFirst, Value queries, Supplier<Value> keys, Products products) {
        this.form = form;
        this.attention = attention;
        this.ofFirst = ofFirst;
        this.queries = queries;
        this.keys = keys;
        this.products = products;
    }

    /** The form, in the scope of the layer. */
    public Form form() {
        return form;
    }

    /** Adds operators under the attention's name. */
    public Ops ops() {
        return form.ops(attention.module());
    }

    /** Width of a head. */
    public int size() {
        return attention.headSize();
    }

    /** How many heads there are. */
    public int count() {
        return attention.heads();
    }

    /** Whether only each sequence's first token asks. */
    public boolean ofFirst() {
        return ofFirst;
    }

    /** {@code [.., heads, rows that ask, head size]}: one row where {@link #ofFirst}, else the sequence's. */
    public Value queries() {
        return queries;
    }

    /** {@code [.., heads, sequence, head size]}. */
    public Value keys() {
        return keys.get();
    }

    /** {@code queries keys' / divisor}: {@code [.., heads, rows that ask, sequence]}. */
    public Value products(double divisor) {
        return products.over(divisor);
    }

    /** {@code [rows, width]} through the attention's own projection: {@code [rows, heads * head size]}. */
    public Value projection(Projection which, Value x) {
        return form.projection(attention, which, x);
    }
}

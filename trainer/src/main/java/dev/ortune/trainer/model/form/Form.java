package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Activation;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import java.util.function.Supplier;

/**
 * How a network is written down: the primitives that architectures are made of. {@link PlainForm} is for files that others
 * read, {@link PackedForm} trains on CPUs, {@link KernelForm} on GPUs. The rows of a value are the tokens of a batch, as
 * {@code [batch, sequence, width]} or in one row as {@code [tokens, width]}, or the first tokens alone.
 *
 * <p>A form has a scope, as a module has a place in its parents: {@code form.in("bert.pooler").linear("dense", ..)} uses
 * the weights {@code bert.pooler.dense.weight} and {@code .bias}. Names may have dots.
 */
public abstract class Form {
    private final Place place;

    Form(Place place) {
        this.place = place;
    }

    /**
     * Where in a network a form stands.
     *
     * @param prefix what the names of its weights begin with
     * @param ops adds operators under the scope's name
     * @param ofHead whether it comes after the layers, and computes in float32
     * @param inputsFirst whether the weights of its linear layers are {@code [in, out]}
     */
    record Place(String prefix, Ops ops, boolean ofHead, boolean inputsFirst) {
        static Place root(Ops ops) {
            return new Place("", ops, false, false);
        }
    }

    /** The same form in the scope of a child module. */
    public final Form in(String module) {
        return at(
                new Place(prefix() + module + ".", Scope.of(place.ops(), module), place.ofHead(), place.inputsFirst()));
    }

    /** The same form for what comes after the layers, which computes in float32. */
    public final Form head() {
        return at(new Place(prefix(), place.ops(), true, place.inputsFirst()));
    }

    /** The same form whose linear layers keep their weights as {@code [in, out]}, as transformers' {@code Conv1D} does. */
    public final Form inputsFirst() {
        return at(new Place(prefix(), place.ops(), place.ofHead(), true));
    }

    abstract Form at(Place other);

    /** Adds operators under the scope's name. */
    public final Ops ops() {
        return place.ops();
    }

    /** Operators under the name of one of the scope's modules. */
    final Ops ops(String module) {
        return Scope.of(place.ops(), module);
    }

    final String prefix() {
        return place.prefix();
    }

    final boolean isOfHead() {
        return place.ofHead();
    }

    /** Whether the weights of linear layers are {@code [in, out]}. */
    final boolean hasInputsFirst() {
        return place.inputsFirst();
    }

    /** The weight of a linear layer: {@code [out, in]}, or {@code [in, out]} in a form that {@link #hasInputsFirst}. */
    final Value matrix(String name, Value x, long out) {
        long in = x.shape().dim(-1).size();
        return hasInputsFirst()
                ? weight(name + ".weight", Role.INPUTS_FIRST, in, out)
                : weight(name + ".weight", Role.MATRIX, out, in);
    }

    /** What a graph is for. */
    public enum Use {
        /** To be read by others: without a loss. */
        INFERENCE,
        /** To be differentiated. */
        TRAINING,
        /** To tell the loss. */
        EVALUATION
    }

    /** What this graph is for. */
    public abstract Use use();

    /** Token ids, int64. */
    public abstract Value inputIds();

    /** The segment of each token, int64. */
    public abstract Value tokenTypeIds();

    /** The rows of a table that ids point to, {@code [.., width]}. */
    public abstract Value lookup(String table, long rows, long width, Value ids);

    /** A table's first row, which is the same for every token: to be broadcast. */
    public final Value firstRow(String table, long rows, long width) {
        Value weight = weight(table + ".weight", Role.TABLE, rows, width);
        return ops(table).gather(weight, ops().vector(0), 0);
    }

    /** The rows of each token's place in its sequence, counted from 0. */
    public abstract Value positions(String table, long rows, long width);

    /**
     * The rows of each token's place, counted from the row after padding's, which is that of all padding: RoBERTa's
     * positions.
     */
    public abstract Value positionsAfterPadding(String table, long rows, long width, int padId);

    /** A linear layer with or without a bias. */
    public final Value linear(String name, Value x, long out, boolean withBias) {
        return withBias ? linear(name, x, out) : product(name, x, out);
    }

    /** {@code x W' + b} with Hugging Face's {@code W} of {@code [out, in]}. */
    public abstract Value linear(String name, Value x, long out);

    /** A linear layer without a bias. */
    public abstract Value product(String name, Value x, long out);

    /** A linear layer and a function. */
    public abstract Value linear(String name, Value x, long out, Activation activation);

    /** A linear layer back to the width of a residual, dropout, and the sum of both. */
    public abstract Value residual(String name, Value x, double dropout, Value residual);

    /**
     * A linear layer whose weight is a table that ids are looked up in, as decoders are tied to word embeddings: {@code x W' +
     * b}.
     *
     * @param table the weight's name, {@code .weight} included
     * @param bias that of the bias; null for none
     * @param x {@code [.., width]}
     * @param rows of the table
     * @return {@code [.., rows]}
     */
    public abstract Value tied(String table, String bias, Value x, long rows);

    /** A function of each element. */
    public abstract Value activation(Value x, Activation activation);

    /**
     * A convolution along the sequence (PyTorch's {@code Conv1d}), with zeros where there is no token.
     *
     * @param x {@code [.., in]}
     * @param kernel how many tokens it sees, an odd number
     * @return {@code [.., out]}
     */
    public abstract Value convolution(String name, Value x, long out, int kernel);

    /** LayerNorm over the last axis. */
    public final Value layerNorm(String name, Value x, double epsilon) {
        return layerNorm(name, x, epsilon, true);
    }

    /** Likewise, with or without a bias. */
    public final Value layerNorm(String name, Value x, double epsilon, boolean withBias) {
        long width = x.shape().dim(-1).size();
        Value scale = weight(name + ".weight", Role.NORM, width);
        Value bias = withBias ? weight(name + ".bias", Role.BIAS, width) : null;
        return ops(name).layerNormalization(x, scale, bias, (float) epsilon);
    }

    /** RMSNorm over the last axis (Zhang and Sennrich 2019, arXiv:1910.07467): LayerNorm without mean and bias. */
    public final Value rmsNorm(String name, Value x, double epsilon) {
        Value scale = weight(name + ".weight", Role.NORM, x.shape().dim(-1).size());
        return rmsNorm(ops(name), x, scale, (float) epsilon);
    }

    /** In one operator, where the form may use ONNX Runtime's own. */
    Value rmsNorm(Ops scoped, Value x, Value scale, float epsilon) {
        return scoped.simplifiedLayerNormalization(x, scale, epsilon);
    }

    /** Zeroes elements while the network is trained. */
    public abstract Value dropout(Value x, double ratio);

    /**
     * Attention by {@link Attention#scores}.
     *
     * @param queries the rows that ask: all, or those {@link #wanted}
     * @param hidden the rows that are asked
     * @return as many rows as {@code queries}, {@code [.., heads * head size]}
     */
    public abstract Value attention(Attention attention, Value queries, Value hidden);

    /**
     * What one of an attention's projections makes of other rows than tokens, such as embeddings of distances.
     *
     * @param x {@code [rows, width]}
     * @return {@code [rows, heads * head size]}
     */
    abstract Value projection(Attention attention, Projection which, Value x);

    /** Token ids with padding, int64 {@code [batch, sequence]}, whatever the rows of this form are. */
    public abstract Value paddedIds();

    /** How many tokens each sequence has: int64 {@code [batch]}. */
    public abstract Value lengths();

    /** What is added to the score of each key: 0 for a token, far below any score for padding: {@code [batch, 1, 1, sequence]}. */
    public abstract Value keyBias();

    /** That number far below any score. */
    public abstract float masked();

    /**
     * Rows of all tokens head by head: {@code [batch, heads, sequence, head size]}, anything at padding.
     *
     * @param rows {@code [.., heads * head size]}
     */
    public abstract Value byHead(Value rows, int heads, int headSize);

    /**
     * How well queries and keys match: {@code queries keys'}.
     *
     * @param queries {@code [batch, heads, rows that ask, head size]}
     * @param keys {@code [batch, heads, keys, head size]}
     */
    public Value products(Value queries, Value keys) {
        return ops().microsoft().fusedMatMul(queries, keys, false, true, 1);
    }

    /**
     * Some rows of many, each picked once at most.
     *
     * @param inverse the way back, where the form trains
     */
    public Value picked(Value rows, Value indices, Supplier<RowInverse> inverse) {
        return ops().gatherRows(rows, indices, inverse.get());
    }

    /** Places of the batch's longest sequence, padding included: int64 {@code [1]}. */
    public abstract Value length();

    /** The mean of each sequence's tokens: {@code [batch, width]}. */
    public abstract Value mean(Value hidden);

    /** Of the rows before the last layer those that a head reads; all of them where that saves nothing. */
    public abstract Value wanted(Value hidden);

    /** The first token of each sequence out of the last layer's rows: {@code [batch, width]}. */
    public abstract Value first(Value hidden);

    /** The last token of each sequence, by the attention mask, out of the last layer's rows: {@code [batch, width]}. */
    public abstract Value last(Value hidden);

    /** What the layers take of embeddings: in the type in which they compute. */
    public Value toLayers(Value embeddings) {
        return embeddings;
    }

    /** What heads take of layers: in float32. */
    public Value fromLayers(Value hidden) {
        return hidden;
    }

    /**
     * Declares an int64 input that says what the network should have given: one number for each row that the head reads.
     */
    public abstract Value target(String name);

    /**
     * Of the rows of all tokens those that a loss looks at: of each token for which the int64 input {@code target} has a number
     * of 0 or more. A batch must have one at least. The plain form, in which nothing is trained, has all rows.
     *
     * @param hidden {@code [tokens, width]}
     * @return {@code [labelled, width]}
     */
    public abstract Value labelled(String target, Value hidden);

    /** What that input has for these rows: int64 {@code [labelled]}. */
    public abstract Value labels(String target);

    /** Declares a float input with numbers that the network should have given for each sequence: {@code [batch, width..]}. */
    public abstract Value targetNumbers(String name, long... width);

    /** Declares an int64 input with one number for each sequence: {@code [batch]}. */
    public abstract Value sequenceTarget(String name);

    /**
     * Numbers of all tokens, sorted into their sequences so that a softmax over the last axis is one over each sequence's own
     * tokens: padding has a large negative number.
     *
     * @param scores {@code [tokens, n]}
     * @return {@code [batch, n, sequence]}
     */
    public abstract Value bySequence(Value scores);

    /**
     * A number of each of several sequences that an example chooses from, by example: {@code [batch, choices]} in a graph
     * that takes such examples. In the forms for training it stays as it is: there examples may have any number of choices.
     *
     * @param numbers {@code [sequences, 1]}
     */
    public abstract Value choices(Value numbers);

    /** What is trained beside a linear layer's weight, or null. */
    LowRankUpdate update(String name) {
        return null;
    }

    /**
     * What a linear layer gives with its low-rank update, if it has one.
     *
     * @param x {@code [rows, in]}, what the layer reads
     * @param y {@code [rows, out]}, what it gives without
     */
    final Value updated(String name, Value x, Value y) {
        LowRankUpdate update = update(name);
        if (update == null) {
            return y;
        }
        Value inner = narrowed(name, update, x);
        Value b = weight(
                LowRankUpdate.nameOfB(name), Role.MATRIX, y.shape().dim(-1).size(), update.rank());
        return ops(name + ".lora_B").gemm(inner, b, y, true, (float) update.scale());
    }

    /** What the first factor of an update makes of a layer's rows: {@code [rows, rank]}. */
    private Value narrowed(String name, LowRankUpdate update, Value x) {
        Value a = weight(
                LowRankUpdate.nameOfA(name),
                Role.MATRIX,
                update.rank(),
                x.shape().dim(-1).size());
        return ops(name + ".lora_A").gemm(dropout(x, update.dropout()), a, null, false, true);
    }

    /** A weight of the scope; it becomes an input of the graph when first asked for. */
    abstract Value weight(String name, Role role, long... shape);

    /** A parameter of the scope. */
    final Parameter parameter(String name, String part, Role role, long... shape) {
        String full = prefix() + name;
        boolean ofLayers = !isOfHead() && role != Role.TABLE;
        return new Parameter(full, Shape.of(shape), role, prefix() + part, ofLayers);
    }
}

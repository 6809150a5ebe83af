package dev.ortune.trainer.gradient;

import dev.ortune.trainer.graph.MicrosoftOps;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The gradients of the operators that training graphs are made of. Each rule's comment holds its equation; {@code dX}
 * stands for the loss's gradient with respect to {@code X}, {@code '} for the transpose of the last two dimensions.
 */
public final class GradientRules {
    private static final String MICROSOFT = MicrosoftOps.DOMAIN + ".";

    private GradientRules() {}

    /** Under what a node's rule is found: the operator's name, after its domain where that is not ONNX's own. */
    static String key(Node node) {
        return node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
    }

    /**
     * All rules by {@link #key}.
     *
     * @param scatter how rows that were gathered more than once are added up
     * @param norm how the gradients of LayerNorm and RMSNorm are computed
     */
    public static Map<String, GradientRule> table(ScatterAdd scatter, NormGradient norm) {
        return Map.ofEntries(
                Map.entry("Add", GradientRules::add),
                Map.entry("Sub", GradientRules::sub),
                Map.entry("Mul", GradientRules::mul),
                Map.entry("Div", GradientRules::div),
                Map.entry("Neg", GradientRules::neg),
                Map.entry("Identity", GradientRules::identity),
                Map.entry("MatMul", GradientRules::matMul),
                Map.entry(MICROSOFT + "FusedMatMul", GradientRules::matMul),
                Map.entry("Gemm", GradientRules::gemm),
                Map.entry("Gather", (node, dy, ops) -> gather(node, dy, ops, scatter)),
                Map.entry("GatherElements", GradientRules::gatherElements),
                Map.entry("Reshape", GradientRules::reshape),
                Map.entry("Slice", GradientRules::slice),
                Map.entry("Expand", GradientRules::expand),
                Map.entry("Transpose", GradientRules::transpose),
                Map.entry("ReduceSum", GradientRules::reduceSum),
                Map.entry("LayerNormalization", (node, dy, ops) -> norm.of(node, dy, ops)),
                Map.entry("SimplifiedLayerNormalization", (node, dy, ops) -> norm.ofRootMeanSquare(node, dy, ops)),
                Map.entry("Softmax", GradientRules::softmax),
                Map.entry("LogSoftmax", GradientRules::logSoftmax),
                Map.entry("Dropout", GradientRules::dropout),
                Map.entry(MICROSOFT + "Gelu", GradientRules::gelu),
                Map.entry(MICROSOFT + "FastGelu", GradientRules::fastGelu),
                Map.entry(MICROSOFT + "BiasGelu", GradientRules::biasGelu),
                Map.entry(MICROSOFT + "BiasDropout", GradientRules::biasDropout),
                Map.entry(MICROSOFT + "BiasSoftmaxDropout", GradientRules::biasSoftmaxDropout),
                Map.entry("Split", (GradientRule.OfAllOutputs) GradientRules::split),
                Map.entry("Concat", GradientRules::concat),
                Map.entry("Unsqueeze", GradientRules::unsqueeze),
                Map.entry(MICROSOFT + "RotaryEmbedding", GradientRules::rotaryEmbedding),
                Map.entry("Cast", GradientRules::cast),
                Map.entry("Relu", GradientRules::relu),
                Map.entry("Tanh", GradientRules::tanh),
                Map.entry("Sigmoid", GradientRules::sigmoid),
                Map.entry("Softplus", GradientRules::softplus));
    }

    // Y = A + B: dA = dB = dY
    private static List<Value> add(Node node, Value dy, Ops ops) {
        return List.of(dy, dy);
    }

    // Y = A - B: dA = dY, dB = -dY
    private static List<Value> sub(Node node, Value dy, Ops ops) {
        return List.of(dy, ops.neg(dy));
    }

    // Y = A * B: dA = dY * B, dB = dY * A
    private static List<Value> mul(Node node, Value dy, Ops ops) {
        return List.of(ops.mul(dy, node.input(1)), ops.mul(dy, node.input(0)));
    }

    // Y = A / B: dA = dY / B, dB = -dY * Y / B
    private static List<Value> div(Node node, Value dy, Ops ops) {
        Value da = ops.div(dy, node.input(1));
        return List.of(da, ops.neg(ops.mul(da, node.output(0))));
    }

    // Y = -X: dX = -dY
    private static List<Value> neg(Node node, Value dy, Ops ops) {
        return List.of(ops.neg(dy));
    }

    // Y = X: dX = dY
    private static List<Value> identity(Node node, Value dy, Ops ops) {
        return List.of(dy);
    }

    // Y = s A B, A [.., m, k], B [.., k, n]: dA = s dY B', dB = s A' dY
    // with A transposed: dA = s B dY'; with B transposed: dB = s dY' A
    private static List<Value> matMul(Node node, Value dy, Ops ops) {
        Value a = node.input(0);
        Value b = node.input(1);
        boolean transA = node.attribute("transA", 0L) == 1;
        boolean transB = node.attribute("transB", 0L) == 1;
        float scale = node.attribute("alpha", 1f);
        Value da = transA
                ? ops.microsoft().fusedMatMul(b, dy, transB, true, scale)
                : ops.microsoft().fusedMatMul(dy, b, false, !transB, scale);
        Value db = transB
                ? ops.microsoft().fusedMatMul(dy, a, true, transA, scale)
                : ops.microsoft().fusedMatMul(a, dy, !transA, false, scale);
        return List.of(da, db);
    }

    // Y = alpha A B + C, A [m, k], B [k, n], C [n] or [m, n]: dA = alpha dY B', dB = alpha A' dY, dC = dY (the driver
    // sums
    // over the rows)
    private static List<Value> gemm(Node node, Value dy, Ops ops) {
        Value a = node.input(0);
        Value b = node.input(1);
        boolean transA = node.attribute("transA", 0L) == 1;
        boolean transB = node.attribute("transB", 0L) == 1;
        float alpha = node.attribute("alpha", 1f);
        Value da = transA ? product(b, dy, transB, true, alpha, ops) : product(dy, b, false, !transB, alpha, ops);
        Value db = transB ? product(dy, a, true, transA, alpha, ops) : product(a, dy, !transA, false, alpha, ops);
        return node.inputs().size() == 2 ? List.of(da, db) : List.of(da, db, dy);
    }

    private static Value product(Value a, Value b, boolean transA, boolean transB, float alpha, Ops ops) {
        return alpha == 1
                ? ops.gemm(a, b, null, transA, transB)
                : ops.microsoft().fusedMatMul(a, b, transA, transB, alpha);
    }

    // Y[i] = X[index[i]]: dX[r] = sum of dY[i] over all i with index[i] = r; a Gather back where each r occurs once
    private static List<Value> gather(Node node, Value dy, Ops ops, ScatterAdd scatter) {
        int axis = (int) node.attribute("axis", 0L);
        RowInverse inverse = node.inverse();
        if (inverse == null) {
            return Arrays.asList(scatter.add(node.input(0).shape(), node.input(1), dy, axis, ops), null);
        }
        Shape indexShape = node.input(1).shape();
        Value rows = indexShape.rank() == 1 ? dy : flattenRows(dy, indexShape.rank(), ops);
        Value back = ops.gather(rows, inverse.indices(), 0);
        Value all = inverse.mask() == null ? back : ops.mul(back, inverse.mask());
        boolean several = all.shape().rank() > node.input(0).shape().rank()
                && inverse.indices().shape().rank() == 2;
        Value dx = several ? ops.reduceSum(all, false, 1) : all;
        Shape data = node.input(0).shape();
        return Arrays.asList(dx.shape().equals(data) ? dx : ops.reshape(dx, data), null);
    }

    // Y[i] = X[i, index[i]]: dX = dY there, added up where several are, else 0
    private static List<Value> gatherElements(Node node, Value dy, Ops ops) {
        Value x = node.input(0);
        Value dx = ops.microsoft()
                .gatherElementsGrad(dy, ops.shape(x), x.shape(), node.input(1), node.attribute("axis", 0L));
        return Arrays.asList(dx, null);
    }

    /** Merges the leading dimensions into one. */
    private static Value flattenRows(Value x, int leading, Ops ops) {
        Shape rest = x.shape().slice(leading, x.shape().rank());
        return ops.reshape(x, Shape.of("rows").concat(rest));
    }

    // Y = reshape(X): dX = reshape(dY)
    private static List<Value> reshape(Node node, Value dy, Ops ops) {
        Value x = node.input(0);
        long symbols = x.shape().dims().stream().filter(dim -> !dim.fixed()).count();
        Value dx = symbols <= 1 ? ops.reshape(dy, x.shape()) : ops.reshape(dy, ops.shape(x), x.shape());
        return Arrays.asList(dx, null);
    }

    // Y = permute(X): dX = permute back (dY)
    private static List<Value> transpose(Node node, Value dy, Ops ops) {
        long[] permutation = (long[]) node.attributes().get("perm");
        long[] back = new long[permutation.length];
        for (int i = 0; i < back.length; i++) {
            back[(int) permutation[i]] = i;
        }
        return List.of(ops.transpose(dy, back));
    }

    // Y = X[start .. end] along an axis: dX = dY there, else 0
    private static List<Value> slice(Node node, Value dy, Ops ops) {
        Value x = node.input(0);
        Value dx = ops.microsoft().sliceGrad(dy, ops.shape(x), x.shape(), node.input(1), node.input(2), node.input(3));
        return Arrays.asList(dx, null, null, null);
    }

    // Y = X repeated: dX = dY summed over the repetitions, which the driver does
    private static List<Value> expand(Node node, Value dy, Ops ops) {
        return Arrays.asList(dy, null);
    }

    // Y = sum of X over some axes: dX = dY along these
    private static List<Value> reduceSum(Node node, Value dy, Ops ops) {
        Value x = node.input(0);
        boolean kept = node.attribute("keepdims", 1L) == 1 || dy.shape().rank() == 0;
        Value aligned = kept ? dy : ops.unsqueeze(dy, node.input(1));
        return Arrays.asList(ops.expand(aligned, ops.shape(x), x.shape()), null);
    }

    // Y = softmax(X): dX = Y * (dY - sum(Y * dY))
    private static List<Value> softmax(Node node, Value dy, Ops ops) {
        return List.of(ops.microsoft().softmaxGrad(dy, node.output(0)));
    }

    // Y = log softmax(X): dX = dY - exp(Y) * sum(dY)
    private static List<Value> logSoftmax(Node node, Value dy, Ops ops) {
        return List.of(ops.microsoft().logSoftmaxGrad(dy, node.output(0)));
    }

    // Y = X * mask / (1 - ratio): dX = dY * mask / (1 - ratio)
    private static List<Value> dropout(Node node, Value dy, Ops ops) {
        Value dx = ops.microsoft().dropoutGrad(dy, node.output(1), node.input(1), node.input(2));
        return Arrays.asList(dx, null, null);
    }

    // Y = X Phi(X): dX = dY * (Phi(X) + X phi(X))
    private static List<Value> gelu(Node node, Value dy, Ops ops) {
        return List.of(ops.microsoft().geluGrad(dy, node.input(0)));
    }

    // Y = X (1 + tanh u) / 2, u = sqrt(2/pi) (X + 0.044715 X^3): dX = dY * dY/dX
    private static List<Value> fastGelu(Node node, Value dy, Ops ops) {
        if (node.inputs().size() == 2) {
            Value dx = ops.microsoft().biasGeluGrad(dy, node.input(0), node.input(1), false);
            return List.of(dx, dx);
        }
        return List.of(ops.microsoft().fastGeluGrad(dy, node.input(0)));
    }

    // Y = gelu(X + B): dX = dB = dY * gelu'(X + B) (the driver sums dB over the rows)
    private static List<Value> biasGelu(Node node, Value dy, Ops ops) {
        Value dx = ops.microsoft().biasGeluGrad(dy, node.input(0), node.input(1), true);
        return List.of(dx, dx);
    }

    // Y = (X + B) * mask / (1 - ratio) + R: dX = dB = dY * mask / (1 - ratio), dR = dY
    private static List<Value> biasDropout(Node node, Value dy, Ops ops) {
        Value dx = ops.microsoft().dropoutGrad(dy, node.output(1), node.input(3), node.input(4));
        return Arrays.asList(dx, dx, dy, null, null);
    }

    // Y = dropout(S), S = softmax(X + B): dX = S * (dS - sum(S * dS)), dS = dY * mask / (1 - ratio); B is no weight's
    private static List<Value> biasSoftmaxDropout(Node node, Value dy, Ops ops) {
        Value dx = ops.microsoft().softmaxDropoutGrad(dy, node.output(1), node.output(2), node.input(2));
        return Arrays.asList(dx, null, null);
    }

    // Y1, Y2, .. = X cut along an axis: dX = dY1, dY2, .. put together
    private static List<Value> split(Node node, List<Value> dys, Ops ops) {
        int axis = (int) node.attribute("axis", 0L);
        Value whole = ops.concat(axis, node.input(0).shape().dim(axis), dys.toArray(Value[]::new));
        return Arrays.asList(whole, null);
    }

    // Y = X1, X2, .. of one size put together along an axis: dX1, dX2, .. = dY cut
    private static List<Value> concat(Node node, Value dy, Ops ops) {
        int axis = (int) node.attribute("axis", 0L);
        Shape.Dim size = node.input(0).shape().dim(axis);
        if (!size.fixed()
                || !node.inputs().stream().allMatch(x -> x.shape().dim(axis).equals(size))) {
            throw new IllegalArgumentException(
                    "The gradient of Concat is known for parts of one size only: " + node.name());
        }
        return ops.split(dy, node.inputs().size(), axis).outputs();
    }

    // Y = X with dimensions of size 1: dX = dY without
    private static List<Value> unsqueeze(Node node, Value dy, Ops ops) {
        return Arrays.asList(
                ops.reshape(dy, ops.shape(node.input(0)), node.input(0).shape()), null);
    }

    // Y = X turned by angles: dX = dY turned back, by the negative angles
    private static List<Value> rotaryEmbedding(Node node, Value dy, Ops ops) {
        Value back = ops.microsoft().rotaryEmbedding(dy, node.input(1), node.input(2), ops.neg(node.input(3)));
        return Arrays.asList(back, null, null, null);
    }

    // Y = X in another type: dX = dY in X's type
    private static List<Value> cast(Node node, Value dy, Ops ops) {
        return List.of(ops.cast(dy, node.input(0).type()));
    }

    // Y = max(X, 0): dX = dY where Y > 0
    private static List<Value> relu(Node node, Value dy, Ops ops) {
        return List.of(ops.microsoft().reluGrad(dy, node.output(0)));
    }

    // Y = tanh(X): dX = dY * (1 - Y^2)
    private static List<Value> tanh(Node node, Value dy, Ops ops) {
        return List.of(ops.microsoft().tanhGrad(dy, node.output(0)));
    }

    // Y = 1 / (1 + exp(-X)): dX = dY * Y * (1 - Y)
    private static List<Value> sigmoid(Node node, Value dy, Ops ops) {
        Value y = node.output(0);
        Value slope = ops.mul(y, ops.sub(ops.as(ops.scalar(1f), y.type()), y));
        return List.of(ops.mul(dy, slope));
    }

    // Y = log(1 + exp(X)): dX = dY / (1 + exp(-X))
    private static List<Value> softplus(Node node, Value dy, Ops ops) {
        return List.of(ops.mul(dy, ops.sigmoid(node.input(0))));
    }
}

package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.Node;
import java.util.List;

/** The pattern that ONNX Runtime fuses with the product: one scale and one zero point for the whole tensor. */
final class RoundingByTensor implements ActivationRounding {
    @Override
    public float unit() {
        return 1;
    }

    @Override
    public Rounded round(String value, List<Node> nodes) {
        Rounded rounded = new Rounded(value + "_quantised", value + "_zero_point", value + "_scale");
        nodes.add(Node.of(
                "DynamicQuantizeLinear",
                value + "/DynamicQuantizeLinear",
                List.of(value),
                rounded.integers(),
                rounded.scale(),
                rounded.zeroPoint()));
        return rounded;
    }

    @Override
    public List<String> operands(Rounded activations, String weights) {
        return List.of(activations.integers(), weights, activations.zeroPoint());
    }

    @Override
    public List<Node> scaled(Node product, String sums, Rounded activations, String columns) {
        String name = product.name();
        return List.of(
                Node.of("Mul", name + "/Scale", List.of(activations.scale(), columns), name + "_scale"),
                Node.of("Mul", name + "/Mul", List.of(sums, name + "_scale"), product.output()));
    }
}

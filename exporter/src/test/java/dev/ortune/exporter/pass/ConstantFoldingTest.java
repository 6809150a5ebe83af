package dev.ortune.exporter.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.graph.ValueType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantFoldingTest {
    private final Graph graph = new Graph("folding", 17);

    ConstantFoldingTest() {
        graph.inputs().put("x", new ValueType(ElementType.FLOAT, List.of(Dim.of("batch"), Dim.of(2))));
        graph.outputs().put("y", new ValueType(ElementType.FLOAT, List.of(Dim.of("batch"), Dim.of(3))));
        graph.constants().put("w", Tensor.floats(new long[] {3, 2}, 1, 2, 3, 4, 5, 6));
        graph.constants().put("two", Tensor.scalar(2));
    }

    @Test
    void whatDependsOnConstantsAloneIsComputed() {
        graph.nodes().add(Node.of("Transpose", "t", List.of("w"), "wt"));
        graph.nodes().add(Node.of("Mul", "m", List.of("wt", "two"), "wt2"));
        graph.nodes().add(Node.of("Sqrt", "s", List.of("two"), "root"));
        graph.nodes().add(Node.of("MatMul", "p", List.of("x", "wt2"), "xw"));
        graph.nodes().add(Node.of("Div", "d", List.of("xw", "root"), "y"));
        new ConstantFolding(Path.of("graph.onnx")).apply(graph);
        new DeadCode().apply(graph);
        assertThat(graph.nodes()).extracting(Node::operator).containsExactly("MatMul", "Div");
        assertThat(graph.constants()).containsOnlyKeys("wt2", "root");
        assertThat(values("wt2")).containsExactly(2, 6, 10, 4, 8, 12);
        assertThat(values("root")).containsExactly((float) Math.sqrt(2));
    }

    @Test
    void trainingsNodesAndWhatNobodyTakesGo() {
        graph.nodes().add(Node.of("Identity", "i", List.of("x"), "same"));
        graph.nodes().add(Node.of("Dropout", "drop", List.of("same"), "dropped", "mask"));
        graph.nodes().add(Node.of("Neg", "unused", List.of("dropped"), "negative"));
        graph.nodes().add(Node.of("Gemm", "g", List.of("dropped", "w"), "y").with("transB", 1));
        new DeadCode().apply(graph);
        assertThat(graph.nodes()).extracting(Node::operator).containsExactly("Gemm");
        assertThat(graph.nodes().get(0).inputs()).containsExactly("x", "w");
        assertThat(graph.constants()).containsOnlyKeys("w");
    }

    private float[] values(String name) {
        FloatBuffer floats = graph.constants().get(name).floats();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}

package dev.ortune.trainer.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import org.junit.jupiter.api.Test;

class GraphTest {
    private final Graph graph = new Graph("test");
    private final Ops ops = new Ops(graph);
    private final Value x = graph.input("x", ElementType.FLOAT, Shape.of("batch", 4));

    @Test
    void namesFollowTheScopeAndStayUnique() {
        Value first = ops.in("layer.0").in("dense").relu(x);
        Value second = ops.in("layer.0").in("dense").relu(first);
        assertThat(first.name()).isEqualTo("/layer.0/dense/Relu_output_0");
        assertThat(second.name()).isEqualTo("/layer.0/dense/Relu_1_output_0");
    }

    @Test
    void aValueOfAnotherGraphIsRefused() {
        Value stranger = new Graph("other").input("y", ElementType.FLOAT, Shape.of("batch", 4));
        assertThatThrownBy(() -> ops.add(x, stranger)).hasMessage("y belongs to another graph: other");
    }

    @Test
    void aNameIsTakenOnce() {
        assertThatThrownBy(() -> graph.input("x", ElementType.FLOAT, Shape.of(1)))
                .hasMessageContaining("already has a value named x");
        assertThatThrownBy(() -> graph.output(ops.relu(x), "x")).hasMessageContaining("already has a value named x");
    }

    @Test
    void equalConstantsAreStoredOnce() {
        assertThat(ops.vector(1, 2)).isEqualTo(ops.vector(1, 2)).isNotEqualTo(ops.vector(1, 3));
        assertThat(ops.scalar(1f)).isNotEqualTo(ops.constant(Constant.floats(new float[] {1}, 1)));
        assertThat(graph.constants()).hasSize(4);
    }

    @Test
    void shapesFollowTheOperators() {
        Value weight = graph.input("w", ElementType.FLOAT, Shape.of(8, 4));
        assertThat(ops.gemm(x, weight, null, false, true).shape()).hasToString("[batch, 8]");
        assertThat(ops.transpose(weight, 1, 0).shape()).hasToString("[4, 8]");
        assertThat(ops.add(x, ops.vector(1)).shape()).hasToString("[batch, 4]");
        assertThat(ops.reduceSum(x, false, 0).shape()).hasToString("[4]");
        assertThat(ops.reduceSum(x, true, 1).shape()).hasToString("[batch, 1]");
        assertThat(ops.gather(weight, ops.vector(1, 2, 3), 0).shape()).hasToString("[3, 4]");
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Value weight = graph.input("w", ElementType.FLOAT, Shape.of(8, 5));
        assertThatThrownBy(() -> ops.matMul(x, weight)).hasMessage("Matrices [batch, 4] and [8, 5] do not fit");
        assertThatThrownBy(() -> ops.add(x, weight)).hasMessage("[batch, 4] and [8, 5] do not broadcast");
        Value two = graph.input("two", ElementType.FLOAT, Shape.of("a", "b"));
        assertThatThrownBy(() -> ops.reshape(two, Shape.of("c", "d"))).hasMessageContaining("with constants");
    }

    @Test
    void theFileHasOutputNamesEverywhereAndImportsWhatItUses() {
        Value y = ops.relu(x);
        graph.output(y, "y");
        graph.output(ops.microsoft().gelu(y), "z");
        ModelProto model = OnnxFile.model(graph);
        NodeProto relu = model.getGraph().getNode(0);
        assertThat(relu.getOutput(0)).isEqualTo("y");
        assertThat(model.getGraph().getNode(1).getInput(0)).isEqualTo("y");
        assertThat(model.getOpsetImportList())
                .anyMatch(opset -> opset.getDomain().equals("com.microsoft"));
        assertThat(model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimParam())
                .isEqualTo("batch");
    }

    @Test
    void aValueIsAnOutputOnce() {
        Value y = ops.relu(x);
        graph.output(y, "y");
        assertThatThrownBy(() -> graph.output(y, "again")).hasMessageContaining("already is an output");
    }
}

package dev.ortune.exporter.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes that are inferred are those that ONNX Runtime computes. */
class ShapeInferenceTest {
    @ParameterizedTest
    @CsvSource({"Split", "ReduceMean", "ReduceSum", "ReduceMax", "CumSum", "ConstantOfShape", "Equal", "Not"})
    void areThoseThatAreComputed(String operator) throws OrtException {
        Graph graph = new Graph("shapes", 17);
        graph.inputs().put("x", ValueType.of(ElementType.FLOAT, 2, 3, 4));
        graph.nodes().addAll(nodes(graph, operator));
        List<String> outputs = graph.nodes().get(graph.nodes().size() - 1).outputs();
        Map<String, ValueType> inferred = ShapeInference.of(graph);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(OnnxWriter.toBytes(graph, outputs));
                OnnxTensor x = OnnxTensor.createTensor(environment, new float[2][3][4]);
                OrtSession.Result result = session.run(Map.of("x", x))) {
            for (String output : outputs) {
                OnnxTensor value = (OnnxTensor) result.get(output).orElseThrow();
                assertThat(inferred.get(output).shape().stream().map(Dim::size))
                        .containsExactly(boxed(value.getInfo().getShape()));
                assertThat("ONNX_TENSOR_ELEMENT_DATA_TYPE_"
                                + inferred.get(output).type())
                        .isEqualTo(value.getInfo().onnxType.name());
            }
        }
    }

    private static List<Node> nodes(Graph graph, String operator) {
        return switch (operator) {
            case "Split" -> {
                String sizes = graph.addConstant("sizes", Tensor.longs(new long[] {2}, 1, 3));
                yield List.of(Node.of("Split", "node", List.of("x", sizes), "first", "second")
                        .with("axis", -1));
            }
            case "ReduceSum" -> {
                String axes = graph.addConstant("axes", Tensor.longs(new long[] {2}, 0, -1));
                yield List.of(
                        Node.of("ReduceSum", "node", List.of("x", axes), "y").with("keepdims", 0));
            }
            case "ReduceMean" ->
                List.of(Node.of("ReduceMean", "node", List.of("x"), "y").with("axes", List.of(1L)));
            case "ReduceMax" -> List.of(Node.of("ReduceMax", "node", List.of("x"), "y"));
            case "CumSum" -> {
                String axis = graph.addConstant("axis", Tensor.longs(new long[0], 1));
                yield List.of(Node.of("CumSum", "node", List.of("x", axis), "y"));
            }
            case "ConstantOfShape" -> {
                Node filled = Node.of("ConstantOfShape", "node", List.of("shape"), "y");
                AttributeProto value = AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(TensorProto.newBuilder()
                                .setDataType(ElementType.INT64.code())
                                .addDims(1)
                                .addInt64Data(0))
                        .build();
                yield List.of(
                        Node.of("Shape", "shape", List.of("x"), "shape"),
                        new Node(
                                filled.operator(),
                                filled.domain(),
                                filled.name(),
                                filled.inputs(),
                                filled.outputs(),
                                List.of(value)));
            }
            case "Equal" -> List.of(Node.of("Equal", "node", List.of("x", "x"), "y"));
            default ->
                List.of(
                        Node.of("Equal", "equal", List.of("x", "x"), "equal"),
                        Node.of("Not", "node", List.of("equal"), "y"));
        };
    }

    private static Long[] boxed(long[] shape) {
        Long[] dims = new Long[shape.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = shape[i];
        }
        return dims;
    }
}

package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.precision.ExactIntegers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a processor without 8-bit dot products the sums of these pairs, 2 x 255 x 127, are more than 16 bits hold. */
class IntegerArithmeticTest {
    private static final int IN = 256;
    private static final int OUT = 8;

    @TempDir
    private Path folder;

    @Test
    void sessionsMultiplyExactlyOnEveryProcessor() {
        Path file = OnnxWriter.write(largest(), folder.resolve("integers.onnx")).get(0);
        assertThat(logits(file)).containsOnly(255f * 127 * IN);
    }

    @Test
    void productsOfDoublesAreTheSameAsThoseOfIntegers() {
        Graph graph = largest();
        assertThat(ExactIntegers.areIn(graph)).isTrue();
        Graph exact = ExactIntegers.of(graph);
        assertThat(ExactIntegers.areIn(exact)).isFalse();
        assertThat(exact.nodes()).noneMatch(node -> node.is("MatMulInteger"));
        Path file = OnnxWriter.write(exact, folder.resolve("exact.onnx")).get(0);
        assertThat(logits(file)).containsOnly(255f * 127 * IN);
    }

    @Test
    void theProcessorIsTheSystems() {
        Processor processor = Processor.of(folder.resolve("none"), "riscv64");
        assertThat(processor).isEqualTo(new Processor("riscv64", ""));
    }

    private static float[] logits(Path file) {
        long[] ids = {1, 2, 3};
        long[] ones = {1, 1, 1};
        try (ModelRun run = ModelRun.open(file, 1)) {
            TextBatch batch = new TextBatch(ids, ones, new long[3], 1, 0, 3);
            return run.outputs(batch).get("logits").texts()[0][0];
        }
    }

    /** Gives 255 times 127, so many times added up, whatever it is asked. */
    private static Graph largest() {
        Graph graph = new Graph("largest", 17);
        graph.inputs().put("input_ids", new ValueType(ElementType.INT64, List.of(Dim.of("batch"), Dim.of("sequence"))));
        graph.outputs().put("logits", new ValueType(ElementType.FLOAT, List.of(Dim.of("batch"), Dim.of(OUT))));
        graph.constants().put("activations", integers(ElementType.UINT8, (byte) 255, 1, IN));
        graph.constants().put("zero", integers(ElementType.UINT8, (byte) 0));
        graph.constants().put("weights", integers(ElementType.INT8, (byte) 127, IN, OUT));
        graph.constants().put("nothing", Tensor.scalar(0));
        graph.constants().put("axes", Tensor.longs(new long[] {1}, 1));
        graph.replaceNodes(List.of(
                Node.of("Cast", "ids", List.of("input_ids"), "ids_float").with("to", ElementType.FLOAT.code()),
                Node.of("Mul", "none", List.of("ids_float", "nothing"), "zeros"),
                Node.of("ReduceSum", "sum", List.of("zeros", "axes"), "rows").with("keepdims", 1),
                Node.of("MatMulInteger", "product", List.of("activations", "weights", "zero"), "sums"),
                Node.of("Cast", "floats", List.of("sums"), "sums_float").with("to", ElementType.FLOAT.code()),
                Node.of("Add", "all", List.of("sums_float", "rows"), "logits")));
        return graph;
    }

    private static Tensor integers(ElementType type, byte value, long... shape) {
        byte[] bytes = new byte[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(bytes, value);
        return new Tensor(type, shape, () -> ByteBuffer.wrap(bytes));
    }
}

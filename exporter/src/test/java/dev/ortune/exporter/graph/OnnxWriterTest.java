package dev.ortune.exporter.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
    /** Matrices of 64 MB: in the long form more than a protocol buffer may hold. */
    private static final int MATRICES = Boolean.getBoolean("ortune.chaos") ? 34 : 4;

    @TempDir
    private Path folder;

    @Test
    void weightsInsideAndOutsideGiveTheSame() throws OrtException, IOException {
        Graph graph = product(300, 20, 1);
        List<Path> inside = OnnxWriter.write(graph, folder.resolve("inside.onnx"));
        List<Path> outside = OnnxWriter.write(graph, folder.resolve("outside.onnx"), 10_000);
        assertThat(inside).hasSize(1);
        assertThat(outside.get(1)).hasFileName("outside.onnx_data");
        assertThat(Files.size(outside.get(0))).isLessThan(2_000);
        assertThat(Files.size(outside.get(1))).isEqualTo(300 * 20 * 4);
        float[][] expected = run(inside.get(0), 300);
        assertThat(run(outside.get(0), 300)).isDeepEqualTo(expected);
        assertThat(expected[0][3]).isEqualTo(300 * 3f);
    }

    /** More weights than the file may hold, in a heap that does not hold all of them. */
    @Test
    void moreThanAFileMayHoldTakesASmallHeap() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx192m",
                        "-cp",
                        classPath,
                        Large.class.getName(),
                        folder.resolve("l.onnx").toString(),
                        Integer.toString(MATRICES))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output.strip()).isEqualTo("written 2");
        assertThat(Files.size(folder.resolve("l.onnx_data"))).isEqualTo(MATRICES * 4096L * 4096 * 4);
    }

    /** Writes so many matrices of 64 MB. */
    static final class Large {
        private Large() {}

        public static void main(String[] arguments) {
            int matrices = Integer.parseInt(arguments[1]);
            Graph graph = product(4096, 4096, matrices);
            long largest = Math.min(OnnxWriter.LARGEST, matrices * (48L << 20));
            System.out.println("written "
                    + OnnxWriter.write(graph, Path.of(arguments[0]), largest).size());
        }
    }

    /** x times {@code count} matrices whose column c holds c. */
    private static Graph product(int rows, int columns, int count) {
        Graph graph = new Graph("product", 17);
        graph.inputs().put("x", new ValueType(ElementType.FLOAT, List.of(Dim.of("batch"), Dim.of(rows))));
        String last = "x";
        for (int i = 0; i < count; i++) {
            graph.constants().put("w" + i, new Tensor(ElementType.FLOAT, new long[] {rows, columns}, () -> {
                ByteBuffer bytes = Tensor.buffer(4L * rows * columns);
                for (int cell = 0; cell < rows * columns; cell++) {
                    bytes.putFloat(cell % columns);
                }
                return bytes.flip();
            }));
            graph.nodes().add(Node.of("MatMul", "product" + i, List.of(last, "w" + i), "y" + i));
            last = "y" + i;
        }
        graph.outputs().put(last, new ValueType(ElementType.FLOAT, List.of(Dim.of("batch"), Dim.of(columns))));
        return graph;
    }

    private static float[][] run(Path file, int width) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float[][] ones = new float[1][width];
        java.util.Arrays.fill(ones[0], 1);
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor x = OnnxTensor.createTensor(environment, ones);
                OrtSession.Result result = session.run(Map.of("x", x))) {
            return (float[][]) result.get(0).getValue();
        }
    }
}

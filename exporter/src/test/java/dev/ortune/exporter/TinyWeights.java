package dev.ortune.exporter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.pass.Freeze;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random weights of one seed for whatever inputs a {@code graph.onnx} has. */
public final class TinyWeights {
    private TinyWeights() {}

    /**
     * Writes {@code model.safetensors}: deviation 0.1, wide enough that texts get different labels.
     *
     * @param broken a tensor that holds a number which half precision cannot; empty for none
     */
    public static void write(Path folder, String broken) throws IOException {
        Graph graph = OnnxReader.read(folder.resolve("graph.onnx"));
        Map<String, ValueType> inputs = new TreeMap<>(graph.inputs());
        inputs.keySet().removeAll(Freeze.TEXT_INPUTS);
        Random random = new Random(3);
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        List<Float> values = new ArrayList<>();
        for (Map.Entry<String, ValueType> input : inputs.entrySet()) {
            ObjectNode entry = header.putObject(input.getKey()).put("dtype", "F32");
            long elements = 1;
            var shape = entry.putArray("shape");
            for (var dim : input.getValue().shape()) {
                shape.add(dim.size());
                elements *= dim.size();
            }
            entry.putArray("data_offsets").add(end).add(end + 4 * elements);
            end += 4 * elements;
            boolean scale = input.getKey().matches(".*(LayerNorm|layer_norm)\\.weight");
            for (long i = 0; i < elements; i++) {
                values.add((scale ? 1 : 0) + 0.1f * (float) random.nextGaussian());
            }
            if (input.getKey().equals(broken)) {
                values.set(values.size() - 1, 70000f);
            }
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate((int) (8 + json.length + end)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        values.forEach(bytes::putFloat);
        Files.write(folder.resolve("model.safetensors"), bytes.array());
    }
}

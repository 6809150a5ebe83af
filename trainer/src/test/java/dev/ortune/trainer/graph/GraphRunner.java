package dev.ortune.trainer.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.NativeLibraries;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** Runs a graph in ONNX Runtime as it is written to a file. */
public final class GraphRunner implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;

    public GraphRunner(Graph graph) throws OrtException {
        this(graph, Device.CPU);
    }

    public GraphRunner(Graph graph, Device device) throws OrtException {
        NativeLibraries.load();
        environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            device.addTo(options);
            session = environment.createSession(OnnxFile.model(graph).toByteArray(), options);
        }
    }

    /** Feeds float[] and long[] by name with the shapes given; returns the float outputs. */
    public Map<String, float[]> run(Map<String, Object> data, Map<String, long[]> shapes) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (Map.Entry<String, Object> entry : data.entrySet()) {
                inputs.put(entry.getKey(), tensor(entry.getValue(), shapes.get(entry.getKey())));
            }
            Map<String, float[]> outputs = new HashMap<>();
            try (OrtSession.Result result = session.run(inputs)) {
                result.forEach(output ->
                        outputs.put(output.getKey(), floats(((OnnxTensor) output.getValue()).getFloatBuffer())));
            }
            return outputs;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }

    private OnnxTensor tensor(Object data, long[] shape) throws OrtException {
        return data instanceof float[] floats
                ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape)
                : OnnxTensor.createTensor(environment, LongBuffer.wrap((long[]) data), shape);
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}

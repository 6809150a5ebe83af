package dev.ortune.predictor.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a run gave and the next ones take, such as keys and values of a text's tokens: tensors whose first axis counts rows. They
 * stay where ONNX Runtime put them as long as the rows are the same.
 */
final class KeptTensors implements AutoCloseable {
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private Runnable free = () -> {};
    private int rows = 1;

    /** Whether there are none yet. */
    boolean isEmpty() {
        return tensors.isEmpty();
    }

    /** Each under the name of the input that takes it. */
    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    /**
     * Keeps others in place of those before, which are closed.
     *
     * @param result whose tensors they are, which is closed with them; null where somebody else closes it
     */
    void keep(Map<String, OnnxTensor> others, OrtSession.Result result) {
        close();
        tensors.putAll(others);
        free = result == null ? () -> {} : result::close;
    }

    /** Other rows in their place: each is what {@code picked} names of those before. */
    void pick(int[] picked) throws OrtException {
        boolean same = picked.length == rows && IntStream.range(0, rows).allMatch(row -> picked[row] == row);
        rows = picked.length;
        if (same || tensors.isEmpty()) {
            return;
        }
        Map<String, OnnxTensor> others = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, OnnxTensor> each : tensors.entrySet()) {
                others.put(each.getKey(), picked(each.getValue(), picked));
            }
        } catch (OrtException | RuntimeException e) {
            others.values().forEach(OnnxTensor::close);
            throw e;
        }
        keep(others, null);
        free = () -> others.values().forEach(OnnxTensor::close);
    }

    private static OnnxTensor picked(OnnxTensor tensor, int[] rows) throws OrtException {
        TensorInfo info = tensor.getInfo();
        long[] shape = info.getShape().clone();
        ByteBuffer from = tensor.getByteBuffer();
        int size = from.remaining() / (int) shape[0];
        ByteBuffer to =
                ByteBuffer.allocateDirect(Math.multiplyExact(size, rows.length)).order(ByteOrder.nativeOrder());
        for (int row : rows) {
            to.put(from.slice(row * size, size));
        }
        shape[0] = rows.length;
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), to.flip(), shape, info.type);
    }

    /** As many rows as the first one again and again. */
    void repeat(int count) throws OrtException {
        if (count != rows) {
            int[] first = new int[count];
            Arrays.fill(first, 0);
            pick(first);
        }
    }

    @Override
    public void close() {
        free.run();
        free = () -> {};
        tensors.clear();
    }
}

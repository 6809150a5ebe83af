package dev.ortune.predictor.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.ortune.predictor.task.OutputShape;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.text.EncodedText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory for the inputs and the outputs of one run at a time, which ONNX Runtime reads and writes where it is: nothing is
 * allocated or copied a run, unless a batch is larger than all before it. Not for several threads.
 */
final class BatchTensors {
    private static final String IDS = "input_ids";
    private static final String TYPES = "token_type_ids";
    private static final String MASK = "attention_mask";

    /** Which of a file's adapters each text is for. */
    static final String ADAPTER = "adapter";

    private final Map<String, LongBuffer> inputs = new HashMap<>();
    private final Map<String, FloatBuffer> outputs = new HashMap<>();

    /** Writes a batch; {@code padId} fills up its shorter rows, on the right or on the left. */
    void fill(List<EncodedText> batch, long padId, boolean left) {
        int length = length(batch);
        int size = batch.size() * length;
        LongBuffer ids = input(IDS, size);
        LongBuffer types = input(TYPES, size);
        LongBuffer mask = input(MASK, size);
        LongBuffer adapters = input(ADAPTER, batch.size());
        for (EncodedText text : batch) {
            adapters.put(text.adapter());
            int padding = length - text.length();
            if (left) {
                pad(ids, types, mask, padding, padId);
            }
            ids.put(text.ids());
            types.put(text.typeIds());
            put(mask, text.length(), 1);
            if (!left) {
                pad(ids, types, mask, padding, padId);
            }
        }
        inputs.values().forEach(LongBuffer::flip);
    }

    static int length(List<EncodedText> batch) {
        return batch.stream().mapToInt(EncodedText::length).max().orElse(0);
    }

    private static void pad(LongBuffer ids, LongBuffer types, LongBuffer mask, int count, long padId) {
        put(ids, count, padId);
        put(types, count, 0);
        put(mask, count, 0);
    }

    private static void put(LongBuffer buffer, int count, long value) {
        for (int i = 0; i < count; i++) {
            buffer.put(value);
        }
    }

    /** The tensors of those inputs that a model takes, over what {@link #fill} wrote; to be closed. */
    Map<String, OnnxTensor> inputs(Collection<String> names, long... shape) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (String name : names) {
                LongBuffer values = inputs.get(name);
                long[] own = name.equals(ADAPTER) ? new long[] {values.limit()} : shape;
                tensors.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, own));
            }
            return tensors;
        } catch (OrtException | RuntimeException | Error e) {
            tensors.values().forEach(OnnxTensor::close);
            throw e;
        }
    }

    /** The tensors of one shape that a run writes to, by the outputs' names; to be closed. */
    Map<String, OnnxTensor> outputs(Collection<String> names, long... shape) throws OrtException {
        int size = 1;
        for (long dimension : shape) {
            size = Math.multiplyExact(size, (int) dimension);
        }
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (String name : names) {
                FloatBuffer buffer = outputs.get(name);
                if (buffer == null || buffer.capacity() < size) {
                    buffer = floats(size);
                    outputs.put(name, buffer);
                }
                buffer.clear().limit(size);
                tensors.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, shape));
            }
            return tensors;
        } catch (OrtException | RuntimeException | Error e) {
            tensors.values().forEach(OnnxTensor::close);
            throw e;
        }
    }

    /**
     * What a run wrote of each text, one output after the other, without what it wrote of padding and of tokens that are of no
     * use to the task.
     */
    float[][] rows(List<EncodedText> batch, Task task, boolean left) {
        List<String> names = task.outputs();
        OutputShape output = task.output();
        int labels = task.width();
        int stride = output.width(length(batch), labels);
        float[][] rows = new float[batch.size()][];
        for (int row = 0; row < rows.length; row++) {
            int width = output.width(batch.get(row).length(), labels);
            int start = row * stride + (left ? stride - width : 0);
            int[] asked = task.asked(batch.get(row));
            if (asked != null) {
                rows[row] = rows(outputs.get(names.get(0)), start, asked, labels);
                continue;
            }
            rows[row] = new float[names.size() * width];
            for (int i = 0; i < names.size(); i++) {
                outputs.get(names.get(i)).get(start, rows[row], i * width, width);
            }
        }
        return rows;
    }

    private static float[] rows(FloatBuffer output, int start, int[] tokens, int labels) {
        float[] rows = new float[Math.multiplyExact(tokens.length, labels)];
        for (int i = 0; i < tokens.length; i++) {
            output.get(start + tokens[i] * labels, rows, i * labels, labels);
        }
        return rows;
    }

    private LongBuffer input(String name, int size) {
        LongBuffer buffer = inputs.get(name);
        if (buffer == null || buffer.capacity() < size) {
            buffer = direct(size * Long.BYTES).asLongBuffer();
            inputs.put(name, buffer);
        }
        return buffer.clear();
    }

    private static FloatBuffer floats(int size) {
        return direct(Math.multiplyExact(size, Float.BYTES)).asFloatBuffer();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}

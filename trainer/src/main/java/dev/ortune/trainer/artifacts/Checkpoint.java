package dev.ortune.trainer.artifacts;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Writes ONNX Runtime Training's checkpoint: a FlatBuffer with the schema {@code ort_training_checkpoint.fbs}, identifier
 * {@code ODTC}, version 2. Field numbers below are the order of the fields in that schema.
 */
public final class Checkpoint {
    static final String IDENTIFIER = "ODTC";
    private static final int VERSION = 2;
    private static final int FLOAT = 1;
    /** More than any tensor's name, dimensions and table take. */
    private static final int OVERHEAD_PER_TENSOR = 512;

    private Checkpoint() {}

    /** Writes a checkpoint in which all tensors are trained; at most 2 GB, which is FlatBuffers' limit. */
    public static void write(Path file, Weights weights) {
        Collection<Tensor> tensors = weights.all();
        long bytes = tensors.stream()
                .mapToLong(t -> 4 * t.elements() + OVERHEAD_PER_TENSOR)
                .sum();
        if (bytes > Integer.MAX_VALUE - 1024) {
            throw new OrtuneException(file + ": the weights take more than 2 GB, the limit of a checkpoint");
        }
        FlatBufferBuilder builder = new FlatBufferBuilder((int) bytes, new DirectBuffers());
        int[] offsets = tensors.stream().mapToInt(t -> tensor(builder, t)).toArray();
        int trained = vector(builder, offsets);
        int frozen = vector(builder, new int[0]);
        builder.startTable(4);
        builder.addOffset(0, trained, 0);
        builder.addOffset(1, frozen, 0);
        int module = builder.endTable();
        builder.startTable(4);
        builder.addInt(0, VERSION, 0);
        builder.addOffset(1, module, 0);
        builder.finish(builder.endTable(), IDENTIFIER);
        ByteBuffer content = builder.dataBuffer();
        AtomicFile.write(file, channel -> AtomicFile.writeFully(channel, content));
    }

    private static int tensor(FlatBufferBuilder builder, Tensor tensor) {
        int bytes = Math.toIntExact(4 * tensor.elements());
        ByteBuffer data = builder.createUnintializedVector(1, bytes, 4);
        data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.data());
        int raw = builder.endVector();
        long[] shape = tensor.shape();
        builder.startVector(8, shape.length, 8);
        for (int i = shape.length - 1; i >= 0; i--) {
            builder.addLong(shape[i]);
        }
        int dims = builder.endVector();
        int name = builder.createString(tensor.name());
        builder.startTable(6);
        builder.addOffset(0, name, 0);
        builder.addOffset(2, dims, 0);
        builder.addInt(3, FLOAT, 0);
        builder.addOffset(4, raw, 0);
        return builder.endTable();
    }

    private static int vector(FlatBufferBuilder builder, int[] offsets) {
        builder.startVector(4, offsets.length, 4);
        for (int i = offsets.length - 1; i >= 0; i--) {
            builder.addOffset(offsets[i]);
        }
        return builder.endVector();
    }

    /** Keeps hundreds of megabytes of weights out of the heap. */
    private static final class DirectBuffers extends FlatBufferBuilder.ByteBufferFactory {
        @Override
        public ByteBuffer newByteBuffer(int capacity) {
            return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}

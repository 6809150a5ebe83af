package dev.ortune.trainer.artifacts;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

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
    /** A third of what a FlatBuffer takes, since ONNX Runtime adds two moments of each weight; some is for names. */
    private static final long DATA_IN_FLATBUFFER = (Integer.MAX_VALUE - (16 << 20)) / 3;
    /** The place in the second file of data that are in the first. */
    static final long INSIDE = -1;

    private Checkpoint() {}

    /**
     * Writes a checkpoint. A FlatBuffer holds 2 GB: where weights and two moments of each that is trained would take more, the
     * weights lie in a second file, and ONNX Runtime keeps to that when it writes later ones.
     *
     * @param frozen those that are not trained
     */
    static void write(Path file, Weights trained, Weights frozen) {
        write(file, trained, frozen, DATA_IN_FLATBUFFER);
    }

    /** Likewise, of weights that are all trained. */
    public static void write(Path file, Weights weights) {
        write(file, weights, DATA_IN_FLATBUFFER);
    }

    /** The same with the data in a second file where they take more than {@code limit} bytes. */
    static void write(Path file, Weights weights, long limit) {
        write(file, weights, new Weights(weights.origin(), List.of()), limit);
    }

    private static void write(Path file, Weights trainedWeights, Weights frozenWeights, long limit) {
        List<Tensor> tensors = new ArrayList<>(trainedWeights.all());
        tensors.addAll(frozenWeights.all());
        long ofTrained = bytes(trainedWeights);
        long data = ofTrained + bytes(frozenWeights);
        boolean external = ofTrained + bytes(frozenWeights) / 3 > limit;
        long bytes = (external ? 0 : data) + (long) tensors.size() * OVERHEAD_PER_TENSOR;
        FlatBufferBuilder builder = new FlatBufferBuilder(Math.toIntExact(bytes), new DirectBuffers());
        int[] offsets = external
                ? externalTensors(builder, tensors)
                : tensors.stream().mapToInt(t -> tensor(builder, t)).toArray();
        if (external) {
            writeData(externalData(file), tensors);
        }
        int count = trainedWeights.all().size();
        int trained = vector(builder, Arrays.copyOf(offsets, count));
        int frozen = vector(builder, Arrays.copyOfRange(offsets, count, offsets.length));
        builder.startTable(4);
        builder.addOffset(0, trained, 0);
        builder.addOffset(1, frozen, 0);
        builder.addBoolean(3, external, false);
        int module = builder.endTable();
        builder.startTable(4);
        builder.addInt(0, VERSION, 0);
        builder.addOffset(1, module, 0);
        builder.finish(builder.endTable(), IDENTIFIER);
        ByteBuffer content = builder.dataBuffer();
        AtomicFile.write(file, channel -> AtomicFile.writeFully(channel, content));
    }

    private static long bytes(Weights weights) {
        return weights.all().stream().mapToLong(tensor -> 4 * tensor.elements()).sum();
    }

    /** Where ONNX Runtime puts and looks for the data of a checkpoint that does not hold them itself. */
    public static Path externalData(Path checkpoint) {
        return checkpoint.resolveSibling(checkpoint.getFileName() + ".data");
    }

    /** Gives a checkpoint, with its data where these are in a second file, its real name; returns {@code file}. */
    public static Path take(Path temporary, Path file) {
        if (Files.exists(externalData(temporary))) {
            AtomicFile.take(externalData(temporary), externalData(file));
        }
        return AtomicFile.take(temporary, file);
    }

    /**
     * Whether ONNX Runtime can write a checkpoint with the optimizer's state: it keeps the two moments of each weight in
     * the FlatBuffer, wherever the weights are.
     */
    public static boolean holdsMoments(Collection<Tensor> trained) {
        return 2
                        * trained.stream()
                                .mapToLong(t -> 4 * t.elements() + OVERHEAD_PER_TENSOR)
                                .sum()
                < Integer.MAX_VALUE;
    }

    private static int[] externalTensors(FlatBufferBuilder builder, Collection<Tensor> tensors) {
        int[] offsets = new int[tensors.size()];
        long position = 0;
        int i = 0;
        for (Tensor tensor : tensors) {
            offsets[i++] = tensor(builder, tensor, 0, position);
            position += 4 * tensor.elements();
        }
        return offsets;
    }

    private static void writeData(Path file, Collection<Tensor> tensors) {
        AtomicFile.write(file, channel -> {
            ByteBuffer part = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
            for (Tensor tensor : tensors) {
                FloatBuffer data = tensor.data();
                while (data.hasRemaining()) {
                    int count = Math.min(data.remaining(), part.capacity() / 4);
                    part.clear().limit(4 * count);
                    part.asFloatBuffer().put(data.slice(data.position(), count));
                    data.position(data.position() + count);
                    AtomicFile.writeFully(channel, part);
                }
            }
        });
    }

    private static int tensor(FlatBufferBuilder builder, Tensor tensor) {
        int bytes = Math.toIntExact(4 * tensor.elements());
        ByteBuffer data = builder.createUnintializedVector(1, bytes, 4);
        data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.data());
        return tensor(builder, tensor, builder.endVector(), INSIDE);
    }

    /** @param raw the vector of the data, or 0 where they lie at {@code position} of the second file */
    private static int tensor(FlatBufferBuilder builder, Tensor tensor, int raw, long position) {
        long[] shape = tensor.shape();
        builder.startVector(8, shape.length, 8);
        for (int i = shape.length - 1; i >= 0; i--) {
            builder.addLong(shape[i]);
        }
        int dims = builder.endVector();
        int name = builder.createString(tensor.name());
        builder.startTable(7);
        builder.addOffset(0, name, 0);
        builder.addOffset(2, dims, 0);
        builder.addInt(3, FLOAT, 0);
        builder.addOffset(4, raw, 0);
        builder.addLong(6, position, INSIDE);
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

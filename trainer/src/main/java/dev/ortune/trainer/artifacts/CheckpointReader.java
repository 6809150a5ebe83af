package dev.ortune.trainer.artifacts;

import com.google.flatbuffers.Table;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.pretrained.MappedFile;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads the weights out of a checkpoint that ONNX Runtime Training (or {@link Checkpoint}) wrote. */
public final class CheckpointReader {
    private CheckpointReader() {}

    /** The trained parameters, as views of the mapped file. */
    public static Weights read(Path file) {
        ByteBuffer content = map(file);
        try {
            SecondFile second = new SecondFile(file);
            FlatTable root = new FlatTable(content.getInt(0), content);
            FlatTable module = root.table(1);
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < module.length(0, Integer.BYTES); i++) {
                tensors.add(tensor(module.element(0, i), second));
            }
            return new Weights(file.toString(), tensors);
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | NegativeArraySizeException
                | ArithmeticException e) {
            throw new OrtuneException(
                    file + ": not a whole checkpoint (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    /**
     * Looks at every tensor of a checkpoint, the optimizer's included; an {@link OrtuneException} when one is not all
     * there. ONNX Runtime does not notice a disk that is full at the very end.
     */
    public static void requireWhole(Path file) {
        ByteBuffer content = map(file);
        try {
            SecondFile second = new SecondFile(file);
            FlatTable root = new FlatTable(content.getInt(0), content);
            requireTensors(root.table(1), 0, second);
            requireTensors(root.table(1), 1, second);
            for (int group = 0; group < root.length(2, Integer.BYTES); group++) {
                FlatTable optimizer = root.element(2, group);
                for (int parameter = 0; parameter < optimizer.length(3, Integer.BYTES); parameter++) {
                    requireTensors(optimizer.element(3, parameter), 1, second);
                }
            }
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | NegativeArraySizeException
                | ArithmeticException e) {
            throw new OrtuneException(
                    file + ": was not written to its end (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    private static void requireTensors(FlatTable table, int field, SecondFile second) {
        for (int i = 0; i < table.length(field, Integer.BYTES); i++) {
            tensor(table.element(field, i), second);
        }
    }

    private static ByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer content = channel.map(MapMode.READ_ONLY, 0, channel.size());
            content.order(ByteOrder.LITTLE_ENDIAN);
            if (content.capacity() < 8 || !FlatTable.isCheckpoint(content)) {
                throw new OrtuneException(file + ": not a checkpoint of ONNX Runtime Training");
            }
            return content;
        } catch (IOException | IllegalArgumentException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Tensor tensor(FlatTable record, SecondFile second) {
        long[] dims = new long[record.length(2, Long.BYTES)];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = record.longElement(2, i);
        }
        String name = record.string(0);
        long position = record.longField(6, Checkpoint.INSIDE);
        ByteBuffer raw = position == Checkpoint.INSIDE
                ? record.bytes(4)
                : second.slice(position, Math.multiplyExact(4, Tensor.elements(dims)), name);
        return new Tensor(name, dims, raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
    }

    /** The data of a checkpoint that does not hold them itself, mapped when the first is asked for. */
    private static final class SecondFile {
        private final Path file;
        private MappedFile mapped;

        SecondFile(Path checkpoint) {
            file = Checkpoint.externalData(checkpoint);
        }

        ByteBuffer slice(long position, long bytes, String tensor) {
            if (mapped == null) {
                mapped = MappedFile.open(file);
            }
            return mapped.slice(position, bytes, tensor);
        }
    }

    /** One FlatBuffers table, its fields by their number in the schema. */
    private static final class FlatTable extends Table {
        FlatTable(int position, ByteBuffer buffer) {
            __reset(position, buffer);
        }

        static boolean isCheckpoint(ByteBuffer content) {
            return __has_identifier(content, Checkpoint.IDENTIFIER);
        }

        FlatTable table(int field) {
            return new FlatTable(__indirect(offset(field)), bb);
        }

        /** Elements of so many bytes: no more than the file has room for. */
        int length(int field, int bytes) {
            int offset = __offset(4 + 2 * field);
            int length = offset == 0 ? 0 : __vector_len(offset);
            if (length < 0 || length > bb.capacity() / bytes) {
                throw new IllegalArgumentException("field " + field + " cannot have " + length + " elements");
            }
            return length;
        }

        FlatTable element(int field, int index) {
            return new FlatTable(__indirect(__vector(__offset(4 + 2 * field)) + 4 * index), bb);
        }

        long longElement(int field, int index) {
            return bb.getLong(__vector(__offset(4 + 2 * field)) + 8 * index);
        }

        long longField(int field, long otherwise) {
            int offset = __offset(4 + 2 * field);
            return offset == 0 ? otherwise : bb.getLong(bb_pos + offset);
        }

        String string(int field) {
            return __string(offset(field));
        }

        ByteBuffer bytes(int field) {
            int start = __vector(__offset(4 + 2 * field));
            return bb.duplicate().slice(start, length(field, Byte.BYTES));
        }

        private int offset(int field) {
            int offset = __offset(4 + 2 * field);
            if (offset == 0) {
                throw new IllegalArgumentException("field " + field + " is missing");
            }
            return bb_pos + offset;
        }
    }
}

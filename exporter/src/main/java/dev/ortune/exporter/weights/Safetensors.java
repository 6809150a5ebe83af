package dev.ortune.exporter.weights;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The weights of a model: a safetensors file, mapped. F16 and BF16 are widened to float32 when they are asked for, each
 * time anew.
 */
public final class Safetensors {
    private final MappedFile file;
    private final SafetensorsHeader header;

    private Safetensors(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Opens a file.
     *
     * @throws OrtuneException when it is missing, cut off, or breaks a rule of the format
     */
    public static Safetensors open(Path path) {
        MappedFile file = MappedFile.open(path);
        return new Safetensors(file, SafetensorsHeader.read(file));
    }

    /**
     * One tensor as float32.
     *
     * @param shape what the graph takes
     * @throws OrtuneException when there is none of that name, or it has another shape or no real numbers
     */
    public Tensor get(String name, long[] shape) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        String called = file.file() + ": tensor " + Printable.of(name);
        if (entry == null) {
            throw new OrtuneException(called + " is missing; the graph takes it");
        }
        if (!entry.type().isFloat()) {
            throw new OrtuneException(called + " is " + entry.type() + "; only F32, F16 and BF16 can be exported");
        }
        if (!Arrays.equals(entry.shape(), shape)) {
            throw new OrtuneException(called + " has shape " + Arrays.toString(entry.shape()) + ", but the graph takes "
                    + Arrays.toString(shape));
        }
        ByteBuffer data = file.slice(header.dataStart() + entry.begin(), entry.end() - entry.begin(), called);
        return entry.type() == SafetensorsType.F32
                ? Tensor.of(ElementType.FLOAT, shape, data)
                : new Tensor(ElementType.FLOAT, shape, () -> widened(entry.type(), data));
    }

    private static ByteBuffer widened(SafetensorsType type, ByteBuffer data) {
        ByteBuffer halves = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer floats = Tensor.buffer(2L * halves.remaining());
        while (halves.hasRemaining()) {
            floats.putFloat(
                    type == SafetensorsType.F16
                            ? Half.toFloat(halves.getShort())
                            : Half.fromBfloat16(halves.getShort()));
        }
        return floats.flip();
    }
}

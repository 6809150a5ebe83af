package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Hugging Face's safetensors files: read through a memory map, written in bounded pieces. */
public final class Safetensors {
    private static final int CHUNK = 1 << 20;

    private Safetensors() {}

    /** All tensors of {@code file} as float32, in the order of its header. */
    public static Weights read(Path file) {
        return read(file, name -> true);
    }

    /**
     * The {@code wanted} tensors of {@code file} as float32. The others need only be well-formed: old checkpoints hold
     * integer buffers such as {@code position_ids}.
     */
    public static Weights read(Path file, Predicate<String> wanted) {
        MappedFile mapped = MappedFile.open(file);
        SafetensorsHeader header = SafetensorsHeader.read(mapped);
        List<Tensor> tensors = new ArrayList<>();
        for (SafetensorsHeader.Entry entry : header.entries().values()) {
            if (wanted.test(entry.name())) {
                tensors.add(tensor(mapped, header.dataStart(), entry));
            }
        }
        return new Weights(file.toString(), tensors);
    }

    private static Tensor tensor(MappedFile file, long dataStart, SafetensorsHeader.Entry entry) {
        String called = "tensor " + Printable.of(entry.name());
        if (!entry.type().isFloat()) {
            throw new OrtuneException(
                    file.file() + ": " + called + " is " + entry.type() + "; only F32, F16 and BF16 can be read");
        }
        ByteBuffer data = file.slice(dataStart + entry.begin(), entry.end() - entry.begin(), called);
        return new Tensor(entry.name(), entry.shape(), entry.type().floats(data));
    }

    /**
     * Writes {@code tensors} as F32 in the order given; the same tensors and metadata always give the same bytes.
     *
     * @param metadata the header's free text; {@code format: pt} is added, without which transformers refuses the file
     */
    public static void write(Path file, Collection<Tensor> tensors, Map<String, String> metadata) {
        byte[] header = header(file, tensors, metadata);
        AtomicFile.write(file, channel -> {
            ByteBuffer prefix = ByteBuffer.allocate(SafetensorsHeader.PREFIX).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.writeFully(channel, prefix.putLong(header.length).flip());
            AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (Tensor tensor : tensors) {
                writeData(channel, tensor.data(), chunk);
            }
        });
    }

    private static void writeData(FileChannel channel, FloatBuffer data, ByteBuffer chunk) throws IOException {
        while (data.hasRemaining()) {
            int count = Math.min(data.remaining(), CHUNK / Float.BYTES);
            chunk.clear().asFloatBuffer().put(data.slice(data.position(), count));
            data.position(data.position() + count);
            AtomicFile.writeFully(channel, chunk.limit(count * Float.BYTES));
        }
    }

    private static byte[] header(Path file, Collection<Tensor> tensors, Map<String, String> metadata) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        Map<String, String> sorted = new TreeMap<>(metadata);
        sorted.putIfAbsent("format", "pt");
        sorted.forEach(root.putObject(SafetensorsHeader.METADATA)::put);
        long offset = 0;
        for (Tensor tensor : tensors) {
            if (root.has(tensor.name())) {
                throw new OrtuneException(file + ": two tensors are called " + Printable.of(tensor.name()));
            }
            long end = Math.addExact(offset, Math.multiplyExact(tensor.elements(), Float.BYTES));
            describe(root.putObject(tensor.name()), tensor.shape(), offset, end);
            offset = end;
        }
        return aligned(json(mapper, root));
    }

    private static void describe(ObjectNode node, long[] shape, long begin, long end) {
        node.put("dtype", "F32");
        Arrays.stream(shape).forEach(node.putArray("shape")::add);
        node.putArray("data_offsets").add(begin).add(end);
    }

    private static byte[] json(ObjectMapper mapper, ObjectNode root) {
        try {
            return mapper.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Padded with spaces so that the data begins at a multiple of 8 bytes. */
    private static byte[] aligned(byte[] json) {
        byte[] header = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(header, json.length, header.length, (byte) ' ');
        return header;
    }
}

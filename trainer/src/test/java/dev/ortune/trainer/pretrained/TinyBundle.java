package dev.ortune.trainer.pretrained;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes a TensorFlow checkpoint the way TensorFlow does, except where a test wants it broken. */
public final class TinyBundle {
    final Map<String, byte[]> entries = new TreeMap<>();
    final ByteArrayOutputStream data = new ByteArrayOutputStream();
    int compression;

    TinyBundle() {
        entries.put("", message(output -> output.writeInt32(1, 1)));
    }

    interface Fields {
        void writeTo(CodedOutputStream output) throws IOException;
    }

    static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(output);
            output.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    TinyBundle add(String name, Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.elements() * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.data());
        entries.put(name, entry(1, tensor.shape(), 0, data.size(), bytes.capacity(), MaskedCrc32c.of(bytes)));
        data.writeBytes(bytes.array());
        return this;
    }

    static byte[] entry(int dtype, long[] shape, int shard, long offset, long size, int crc) {
        byte[] dims = message(output -> {
            for (long dim : shape) {
                output.writeByteArray(2, message(size1 -> size1.writeInt64(1, dim)));
            }
        });
        return message(output -> {
            output.writeEnum(1, dtype);
            output.writeByteArray(2, dims);
            output.writeInt32(3, shard);
            output.writeInt64(4, offset);
            output.writeInt64(5, size);
            output.writeFixed32(6, crc);
        });
    }

    /** Writes PREFIX.index, with three entries a data block, and PREFIX.data-00000-of-00001. */
    public Path write(Path folder, String prefix) throws IOException {
        Files.write(folder.resolve(prefix + ".data-00000-of-00001"), data.toByteArray());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        Map<String, byte[]> index = new TreeMap<>();
        Map<String, byte[]> pending = new TreeMap<>();
        for (String key : entries.keySet()) {
            pending.put(key, entries.get(key));
            if (pending.size() == 3) {
                index.put(key, block(file, pending));
                pending.clear();
            }
        }
        index.put("~", block(file, pending));
        byte[] handles = concat(block(file, Map.of()), block(file, index));
        file.writeBytes(Arrays.copyOf(handles, 40));
        file.writeBytes(littleEndian(0xdb4775248b80fb57L, 8));
        return Files.write(folder.resolve(prefix + ".index"), file.toByteArray());
    }

    /** Appends a block and returns its handle. */
    private byte[] block(ByteArrayOutputStream file, Map<String, byte[]> entries) {
        byte[] contents = message(output -> {
            byte[] last = {};
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
                int shared = Math.max(0, Arrays.mismatch(last, key));
                output.writeUInt32NoTag(shared);
                output.writeUInt32NoTag(key.length - shared);
                output.writeUInt32NoTag(entry.getValue().length);
                output.write(key, shared, key.length - shared);
                output.write(entry.getValue(), 0, entry.getValue().length);
                last = key;
            }
            output.writeRawBytes(littleEndian(0, 4));
            output.writeRawBytes(littleEndian(1, 4));
        });
        byte[] typed = concat(contents, new byte[] {(byte) compression});
        int offset = file.size();
        file.writeBytes(typed);
        file.writeBytes(littleEndian(MaskedCrc32c.of(ByteBuffer.wrap(typed)), 4));
        return message(output -> {
            output.writeUInt64NoTag(offset);
            output.writeUInt64NoTag(contents.length);
        });
    }

    private static byte[] littleEndian(long value, int bytes) {
        byte[] all = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return Arrays.copyOf(all, bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** What Google's checkpoint calls a Hugging Face tensor. */
    static String variable(String name) {
        return name.replaceAll("layer\\.(\\d)", "layer_$1")
                .replace('.', '/')
                .replaceFirst("LayerNorm/weight$", "LayerNorm/gamma")
                .replaceFirst("LayerNorm/bias$", "LayerNorm/beta")
                .replaceFirst("_embeddings/weight$", "_embeddings")
                .replaceFirst("/weight$", "/kernel");
    }

    /** All tensors, matrices the way Google has them. */
    public static TinyBundle of(Iterable<Tensor> tensors, String scope) {
        TinyBundle bundle = new TinyBundle();
        for (Tensor tensor : tensors) {
            Tensor stored = TinyBert.isMatrix(tensor) ? TinyBert.transposed(tensor) : tensor;
            bundle.add(scope + variable(tensor.name()), stored);
        }
        return bundle;
    }
}

package dev.ortune.trainer.pretrained;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** PyTorch's files, written instruction by instruction, so that tests can break each of them. */
final class TinyTorch {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The instructions of a pickle, in the order in which they are called. */
    static TinyTorch pickle() {
        return new TinyTorch().bytes(0x80, 2);
    }

    TinyTorch bytes(int... bytes) {
        for (int value : bytes) {
            out.write(value);
        }
        return this;
    }

    TinyTorch code(char instruction) {
        return bytes(instruction);
    }

    TinyTorch text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        code('X').bytes(utf8.length & 0xff, utf8.length >> 8 & 0xff, utf8.length >> 16 & 0xff, utf8.length >> 24);
        out.writeBytes(utf8);
        return this;
    }

    TinyTorch number(int value) {
        return code('J').bytes(value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24 & 0xff);
    }

    TinyTorch name(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TinyTorch tuple(int... numbers) {
        code('(');
        for (int number : numbers) {
            number(number);
        }
        return code('t');
    }

    TinyTorch storage(String type, String key, int count) {
        return code('(')
                .text("storage")
                .name("torch", type)
                .text(key)
                .text("cpu")
                .number(count)
                .code('t')
                .code('Q');
    }

    /** A tensor over all of a storage of floats. */
    TinyTorch tensor(String key, int count, int[] shape, int[] stride) {
        return name("torch._utils", "_rebuild_tensor_v2")
                .code('(')
                .storage("FloatStorage", key, count)
                .number(0)
                .tuple(shape)
                .tuple(stride)
                .bytes(0x89)
                .name("collections", "OrderedDict")
                .code(')')
                .code('R')
                .code('t')
                .code('R');
    }

    byte[] end() {
        return code('.').out.toByteArray();
    }

    /** A file of tensors. */
    static byte[] file(Collection<Tensor> tensors) throws IOException {
        TinyTorch pickle = pickle().code('}').code('(');
        Map<String, byte[]> members = new LinkedHashMap<>();
        int key = 0;
        for (Tensor tensor : tensors) {
            int[] shape = new int[tensor.shape().length];
            int[] stride = new int[shape.length];
            int next = 1;
            for (int i = shape.length - 1; i >= 0; i--) {
                shape[i] = (int) tensor.shape()[i];
                stride[i] = next;
                next *= shape[i];
            }
            pickle.text(tensor.name()).tensor(String.valueOf(key), next, shape, stride);
            members.put("model/data/" + key++, numbers(tensor.data()));
        }
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("model/data.pkl", pickle.code('u').end());
        all.putAll(members);
        return zip(all);
    }

    private static byte[] numbers(FloatBuffer data) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return bytes.array();
    }

    /** A zip that compresses nothing. */
    static byte[] zip(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(member.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        }
        return bytes.toByteArray();
    }
}

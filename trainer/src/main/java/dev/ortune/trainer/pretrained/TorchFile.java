package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * PyTorch's own files, {@code pytorch_model.bin}: a pickled table of tensors whose numbers lie beside it, in a zip (since 2020)
 * or behind the pickle (before). The pickle is read by {@link Pickle} and never run as a program.
 */
final class TorchFile {
    /** What the number of ten bytes stands for that old files begin with. */
    static final long MAGIC = Long.MIN_VALUE;

    /** That number, lowest byte first. */
    static final byte[] MAGIC_BYTES = {
        0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
    };

    private static final long OLD_PROTOCOL = 1001;
    private static final long LARGEST_PICKLE = 256L << 20;

    private final MappedFile file;
    private final Map<String, ByteBuffer> storages = new HashMap<>();
    private final Map<String, Pickle.Storage> known = new HashMap<>();

    private TorchFile(MappedFile file) {
        this.file = file;
    }

    /** The {@code wanted} tensors as float32; the others need only be well-formed. */
    static Weights read(Path path, Predicate<String> wanted) {
        return new TorchFile(MappedFile.open(path)).weights(wanted);
    }

    private Weights weights(Predicate<String> wanted) {
        Map<?, ?> table = StoredZip.isOne(file) ? zipped() : old();
        List<Tensor> tensors = new ArrayList<>();
        int views = 0;
        for (Map.Entry<?, ?> entry : table.entrySet()) {
            String name = (String) entry.getKey();
            if (entry.getValue() instanceof Pickle.View view) {
                views++;
                if (wanted.test(name)) {
                    tensors.add(tensor(name, view));
                }
            }
        }
        if (views == 0) {
            throw broken("holds no table of tensors by name");
        }
        return new Weights(file.file().toString(), tensors);
    }

    private OrtuneException broken(String what) {
        return new OrtuneException(file.file() + ": " + what);
    }

    private Map<?, ?> zipped() {
        StoredZip zip = StoredZip.of(file);
        String pickle = zip.names().stream()
                .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
                .findFirst()
                .orElseThrow(() -> broken("is a zip without data.pkl; is it PyTorch's?"));
        String folder = pickle.substring(0, pickle.length() - "data.pkl".length());
        if (zip.contains(folder + "byteorder")
                && zip.bytes(folder + "byteorder").get(0) != 'l') {
            throw broken("was written on a machine of the other byte order, which is not read");
        }
        Object read = new Pickle(zip.bytes(pickle), what -> broken(pickle + " " + what)).read();
        Map<?, ?> table = table(read);
        for (Object value : table.values()) {
            if (value instanceof Pickle.View view) {
                String name = folder + "data/" + view.storage().key();
                if (!zip.contains(name)) {
                    throw broken("has no " + Printable.of(name) + ", which " + pickle + " refers to");
                }
                keep(view.storage(), zip.bytes(name));
            }
        }
        return table;
    }

    /** Three pickles of versions, the table, the storages' keys, and each storage's count and numbers. */
    private Map<?, ?> old() {
        ByteBuffer head = file.slice(0, Math.min(file.size(), LARGEST_PICKLE), "the beginning");
        Pickle first = new Pickle(head, this::broken);
        if (head.remaining() < 2 || head.get(0) != (byte) 0x80) {
            throw broken("is no file of PyTorch: neither a zip nor a pickle");
        }
        if (!Long.valueOf(MAGIC).equals(first.read())) {
            throw broken("is a pickle, but not one of PyTorch's files");
        }
        if (!Long.valueOf(OLD_PROTOCOL).equals(new Pickle(head, this::broken).read())) {
            throw broken("is of an older form of PyTorch's files than is read");
        }
        if (new Pickle(head, this::broken).read() instanceof Map<?, ?> system
                && Boolean.FALSE.equals(system.get("little_endian"))) {
            throw broken("was written on a machine of the other byte order, which is not read");
        }
        Map<?, ?> table = table(new Pickle(head, this::broken).read());
        Map<String, Pickle.Storage> wanted = new HashMap<>();
        for (Object value : table.values()) {
            if (value instanceof Pickle.View view) {
                wanted.put(view.storage().key(), view.storage());
            }
        }
        if (!(new Pickle(head, this::broken).read() instanceof List<?> keys)) {
            throw broken("has no list of its storages");
        }
        long position = head.position();
        for (Object key : keys) {
            Pickle.Storage storage = key instanceof String ? wanted.get(key) : null;
            if (storage == null) {
                throw broken("lists a storage that no tensor looks at");
            }
            long count = file.slice(position, Long.BYTES, "the size of storage " + Printable.of(storage.key()))
                    .getLong();
            if (count != storage.count()) {
                throw broken("has " + count + " numbers in storage " + Printable.of(storage.key())
                        + ", where its table says " + storage.count());
            }
            long bytes = bytes(storage);
            keep(storage, file.slice(position + Long.BYTES, bytes, "storage " + Printable.of(storage.key())));
            position += Long.BYTES + bytes;
        }
        return table;
    }

    private Map<?, ?> table(Object read) {
        if (!(read instanceof Map<?, ?> table)) {
            throw broken("holds something other than a table of tensors by name");
        }
        return table;
    }

    private long bytes(Pickle.Storage storage) {
        try {
            return Math.multiplyExact(storage.count(), storage.type().bytes());
        } catch (ArithmeticException e) {
            throw broken("has storage " + Printable.of(storage.key()) + " whose size overflows");
        }
    }

    private void keep(Pickle.Storage storage, ByteBuffer numbers) {
        Pickle.Storage before = known.putIfAbsent(storage.key(), storage);
        if (before != null && !before.equals(storage)) {
            throw broken("says two things of storage " + Printable.of(storage.key()));
        }
        if (bytes(storage) != numbers.remaining()) {
            throw broken("needs " + bytes(storage) + " bytes for storage " + Printable.of(storage.key()) + " but has "
                    + numbers.remaining());
        }
        storages.put(storage.key(), numbers);
    }

    private Tensor tensor(String name, Pickle.View view) {
        Pickle.Storage storage = view.storage();
        if (!storage.type().isFloat()) {
            throw broken(
                    "tensor " + Printable.of(name) + " is " + storage.type() + "; only F32, F16 and BF16 can be read");
        }
        ByteBuffer numbers = storages.get(storage.key());
        if (numbers == null) {
            throw broken("has no numbers for tensor " + Printable.of(name));
        }
        long elements = Tensor.elements(view.shape());
        int width = storage.type().bytes();
        if (isRowMajor(view)) {
            int from = Math.toIntExact(view.offset() * width);
            ByteBuffer own = numbers.slice(elements == 0 ? 0 : from, Math.toIntExact(elements * width));
            return new Tensor(name, view.shape(), storage.type().floats(own.order(numbers.order())));
        }
        if (elements > storage.count()) {
            throw broken("tensor " + Printable.of(name) + " repeats its numbers, which is not read");
        }
        return new Tensor(name, view.shape(), gathered(view, storage.type().floats(numbers), (int) elements));
    }

    private static boolean isRowMajor(Pickle.View view) {
        long expected = 1;
        for (int i = view.shape().length - 1; i >= 0; i--) {
            if (view.shape()[i] != 1 && view.stride()[i] != expected) {
                return false;
            }
            expected *= Math.max(1, view.shape()[i]);
        }
        return true;
    }

    /** The numbers of a tensor that looks at its storage in another order, such as a transposed one. */
    private static FloatBuffer gathered(Pickle.View view, FloatBuffer numbers, int elements) {
        FloatBuffer result = Float32.direct(elements);
        long[] place = new long[view.shape().length];
        long at = view.offset();
        for (int i = 0; i < elements; i++) {
            result.put(i, numbers.get((int) at));
            for (int axis = place.length - 1; axis >= 0; axis--) {
                at += view.stride()[axis];
                if (++place[axis] < view.shape()[axis]) {
                    break;
                }
                at -= view.stride()[axis] * view.shape()[axis];
                place[axis] = 0;
            }
        }
        return result;
    }
}

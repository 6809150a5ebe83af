package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * As much of Python's pickle machine as tables of tensors need (docs.python.org/3/library/pickletools.html). A pickle is a
 * program; this one makes numbers, texts, tuples, lists, tables and tensors, and calls nothing. Every other instruction, and
 * every Python name that has nothing to do with tensors, ends the reading with an {@link OrtuneException} that names it.
 */
final class Pickle {
    /** Python's None. */
    static final Object NONE = new Object();

    /**
     * A tuple.
     *
     * @param items its members
     */
    record Tuple(List<Object> items) {}

    /**
     * The numbers that a tensor looks at.
     *
     * @param type of each
     * @param key what the file calls them
     * @param count how many there are
     */
    record Storage(SafetensorsType type, String key, long count) {}

    /**
     * A tensor: a way to look at a storage.
     *
     * @param storage where its numbers are
     * @param offset the number of the first one
     * @param shape its dimensions
     * @param stride how many numbers lie between neighbours along each of them
     */
    record View(Storage storage, long offset, long[] shape, long[] stride) {}

    /** What a pickle may call by its Python name. */
    private enum Known {
        TABLE,
        TENSOR,
        PARAMETER,
        F32,
        F16,
        BF16,
        F64,
        I64,
        I32,
        I16,
        I8,
        U8,
        BOOL;

        SafetensorsType type() {
            return SafetensorsType.named(name()).orElse(null);
        }
    }

    private static final Map<String, Known> KNOWN = Map.ofEntries(
            Map.entry("collections OrderedDict", Known.TABLE),
            Map.entry("torch._utils _rebuild_tensor_v2", Known.TENSOR),
            Map.entry("torch._utils _rebuild_parameter", Known.PARAMETER),
            Map.entry("torch FloatStorage", Known.F32),
            Map.entry("torch HalfStorage", Known.F16),
            Map.entry("torch BFloat16Storage", Known.BF16),
            Map.entry("torch DoubleStorage", Known.F64),
            Map.entry("torch LongStorage", Known.I64),
            Map.entry("torch IntStorage", Known.I32),
            Map.entry("torch ShortStorage", Known.I16),
            Map.entry("torch CharStorage", Known.I8),
            Map.entry("torch ByteStorage", Known.U8),
            Map.entry("torch BoolStorage", Known.BOOL));

    private static final Object MARK = new Object();
    private static final int LAST_PROTOCOL = 5;
    private static final int MOST_DIMENSIONS = 16;

    private final ByteBuffer in;
    private final Function<String, OrtuneException> broken;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private long copied;

    /**
     * Of bytes that may go on behind it.
     *
     * @param in its position is moved behind the pickle
     * @param broken makes the error of what is wrong
     */
    Pickle(ByteBuffer in, Function<String, OrtuneException> broken) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.broken = broken;
    }

    /** Runs it to its end: a Long, Double, Boolean, String, {@link #NONE}, {@link Tuple}, List, Map or {@link View}. */
    Object read() {
        try {
            while (true) {
                int code = in.get() & 0xff;
                if (code == '.') {
                    return pop();
                }
                run(code);
            }
        } catch (BufferUnderflowException e) {
            throw broken.apply("ends in the middle of an instruction");
        }
    }

    private void run(int code) {
        switch (code) {
            case 0x80 -> protocol(in.get() & 0xff);
            case 0x95 -> in.getLong(); // FRAME: how many bytes follow in one piece
            case '(' -> mark();
            case 'N' -> push(NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.getInt());
            case 'K' -> push((long) (in.get() & 0xff));
            case 'M' -> push((long) (in.getShort() & 0xffff));
            case 0x8a -> push(wholeNumber(in.get() & 0xff));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> push(text(in.getInt()));
            case 0x8c -> push(text(in.get() & 0xff));
            case 'U' -> push(text(in.get() & 0xff));
            case 'T' -> push(text(in.getInt()));
            case 'q' -> memo.put(in.get() & 0xff, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> push(remembered(in.get() & 0xff));
            case 'j' -> push(remembered(in.getInt()));
            case ')' -> push(new Tuple(List.of()));
            case 't' -> push(new Tuple(sinceMark()));
            case 0x85 -> push(new Tuple(popped(1)));
            case 0x86 -> push(new Tuple(popped(2)));
            case 0x87 -> push(new Tuple(popped(3)));
            case ']' -> push(new ArrayList<>());
            case 'a' -> append(popped(1));
            case 'e' -> append(sinceMark());
            case '}' -> push(new LinkedHashMap<String, Object>());
            case 's' -> put(popped(2));
            case 'u' -> put(sinceMark());
            case 'c' -> push(known(line(), line()));
            case 0x93 -> stackGlobal();
            case 'Q' -> push(storage(pop()));
            case 'R' -> reduce();
            case 'b' -> pop(); // BUILD: attributes of a table, such as its _metadata
            case '0' -> pop();
            default ->
                throw broken.apply(String.format(
                        "holds instruction 0x%02x of Python's pickle at byte %d, which is"
                                + " not read: only tensors are",
                        code, in.position() - 1));
        }
    }

    private void protocol(int version) {
        if (version > LAST_PROTOCOL) {
            throw broken.apply("is of pickle protocol " + version + "; " + LAST_PROTOCOL + " is the last one known");
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private void mark() {
        marks.push(stack.size());
        push(MARK);
    }

    private Object pop() {
        return popped(1).get(0);
    }

    private Object top() {
        return need(1).get(0);
    }

    private List<Object> popped(int count) {
        List<Object> last = need(count);
        List<Object> values = new ArrayList<>(last);
        last.clear();
        return values;
    }

    /** The last values, above the last mark. */
    private List<Object> need(int count) {
        int floor = marks.isEmpty() ? 0 : marks.peek() + 1;
        if (stack.size() - count < floor) {
            throw broken.apply("takes a value from an empty stack");
        }
        return stack.subList(stack.size() - count, stack.size());
    }

    private List<Object> sinceMark() {
        if (marks.isEmpty()) {
            throw broken.apply("looks for a mark that was not set");
        }
        int mark = marks.pop();
        List<Object> last = stack.subList(mark + 1, stack.size());
        List<Object> values = new ArrayList<>(last);
        stack.subList(mark, stack.size()).clear();
        return values;
    }

    private Object remembered(int number) {
        Object value = memo.get(number);
        if (value == null) {
            throw broken.apply("asks for memo " + number + ", which was not kept");
        }
        return value;
    }

    private long wholeNumber(int bytes) {
        if (bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        if (bytes > Long.BYTES) {
            byte[] large = new byte[bytes];
            in.get(large);
            if (!Arrays.equals(large, TorchFile.MAGIC_BYTES)) {
                throw broken.apply("has a whole number of " + bytes + " bytes");
            }
            return TorchFile.MAGIC;
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long next = in.get();
            value |= (i == bytes - 1 ? next : next & 0xff) << (8 * i);
        }
        return value;
    }

    private String text(int length) {
        if (length < 0 || length > in.remaining()) {
            throw broken.apply("has a text of " + Integer.toUnsignedLong(length) + " bytes, more than are left");
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw broken.apply("has a text that is not UTF-8");
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (char letter = (char) (in.get() & 0xff); letter != '\n'; letter = (char) (in.get() & 0xff)) {
            line.append(letter);
            if (line.length() > 1000) {
                throw broken.apply("has a Python name of more than 1000 letters");
            }
        }
        return line.toString();
    }

    private void stackGlobal() {
        List<Object> names = popped(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
            throw broken.apply("names a Python object by something other than texts");
        }
        push(known(module, name));
    }

    private Known known(String module, String name) {
        Known known = KNOWN.get(module + " " + name);
        if (known == null) {
            throw broken.apply("asks for Python's " + Printable.of(module + "." + name)
                    + ", which is not called here: only tensors are read");
        }
        return known;
    }

    private void append(List<Object> values) {
        if (!(top() instanceof List<?>)) {
            throw broken.apply("appends to something that is no list");
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) top();
        list.addAll(values);
    }

    private void put(List<Object> pairs) {
        if (pairs.size() % 2 != 0 || !(top() instanceof Map<?, ?>)) {
            throw broken.apply("puts entries into something that is no table");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> table = (Map<String, Object>) top();
        for (int i = 0; i < pairs.size(); i += 2) {
            put(table, pairs.get(i), pairs.get(i + 1));
        }
    }

    private void put(Map<String, Object> table, Object key, Object value) {
        if (!(key instanceof String name)) {
            throw broken.apply("has a table whose keys are no texts");
        }
        if (table.put(name, value) != null) {
            throw broken.apply("has two entries called " + Printable.of(name));
        }
    }

    /** {@code ('storage', torch.FloatStorage, key, location, count, ..)} */
    private Storage storage(Object reference) {
        if (reference instanceof Tuple tuple
                && tuple.items().size() >= 5
                && "storage".equals(tuple.items().get(0))
                && tuple.items().get(1) instanceof Known type
                && type.type() != null
                && tuple.items().get(2) instanceof String key
                && tuple.items().get(4) instanceof Long count
                && count >= 0) {
            if (tuple.items().size() > 5 && tuple.items().get(5) != NONE) {
                throw broken.apply("has storage " + Printable.of(key) + " as a part of another, which is not read");
            }
            return new Storage(type.type(), key, count);
        }
        throw broken.apply("refers to something outside that is no storage of numbers");
    }

    private void reduce() {
        List<Object> call = popped(2);
        if (!(call.get(0) instanceof Known known) || !(call.get(1) instanceof Tuple arguments)) {
            throw broken.apply("calls something that cannot be called");
        }
        push(
                switch (known) {
                    case TABLE -> table(arguments.items());
                    case TENSOR -> view(arguments.items());
                    case PARAMETER -> parameter(arguments.items());
                    default -> throw broken.apply("calls a kind of storage, which is not read");
                });
    }

    private Map<String, Object> table(List<Object> arguments) {
        Map<String, Object> table = new LinkedHashMap<>();
        if (arguments.isEmpty()) {
            return table;
        }
        if (arguments.size() > 1 || !(arguments.get(0) instanceof List<?> pairs)) {
            throw broken.apply("makes a table of something other than pairs");
        }
        copied += pairs.size();
        if (copied > in.limit()) {
            throw broken.apply("makes tables of the same pairs again and again");
        }
        for (Object pair : pairs) {
            List<?> both =
                    pair instanceof Tuple tuple ? tuple.items() : pair instanceof List<?> list ? list : List.of();
            if (both.size() != 2) {
                throw broken.apply("makes a table of something other than pairs");
            }
            put(table, both.get(0), both.get(1));
        }
        return table;
    }

    private View parameter(List<Object> arguments) {
        if (arguments.isEmpty() || !(arguments.get(0) instanceof View view)) {
            throw broken.apply("makes a parameter of something that is no tensor");
        }
        return view;
    }

    private View view(List<Object> arguments) {
        if (arguments.size() < 4
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof Long offset)
                || !(arguments.get(2) instanceof Tuple shape)
                || !(arguments.get(3) instanceof Tuple stride)) {
            throw broken.apply("makes a tensor of something that is no storage with offset, sizes and strides");
        }
        View view = new View(storage, offset, numbers(shape), numbers(stride));
        if (view.shape().length != view.stride().length) {
            throw broken.apply(
                    "has a tensor of " + view.shape().length + " dimensions with " + view.stride().length + " strides");
        }
        requireInside(view);
        return view;
    }

    private long[] numbers(Tuple tuple) {
        if (tuple.items().size() > MOST_DIMENSIONS) {
            throw broken.apply("has a tensor of " + tuple.items().size() + " dimensions");
        }
        long[] numbers = new long[tuple.items().size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(tuple.items().get(i) instanceof Long number) || number < 0) {
                throw broken.apply("has a tensor whose sizes or strides are no whole numbers from 0 on");
            }
            numbers[i] = number;
        }
        return numbers;
    }

    private void requireInside(View view) {
        try {
            long last = view.offset();
            boolean empty = false;
            for (int i = 0; i < view.shape().length; i++) {
                empty |= view.shape()[i] == 0;
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, view.shape()[i] - 1), view.stride()[i]));
            }
            Tensor.elements(view.shape());
            if (view.offset() < 0 || (!empty && last >= view.storage().count())) {
                throw broken.apply("has a tensor that reaches number " + last + " of storage "
                        + Printable.of(view.storage().key()) + ", which has "
                        + view.storage().count());
            }
        } catch (ArithmeticException e) {
            throw broken.apply("has a tensor whose size overflows");
        }
    }
}

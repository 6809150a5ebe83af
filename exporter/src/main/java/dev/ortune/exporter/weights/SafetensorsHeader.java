package dev.ortune.exporter.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON at the front of a safetensors file, checked the way the format asks: names once, sizes that agree with shape
 * and dtype, and tensors that cover the data area without gap or overlap.
 *
 * @param entries the tensors by name, in the order of the header
 * @param dataStart where the data area begins, in bytes from the start of the file
 */
record SafetensorsHeader(Map<String, Entry> entries, long dataStart) {
    /** The format's own bound on the header, in bytes. */
    static final long LONGEST = 100_000_000;

    /** The length field before the header, in bytes. */
    static final int PREFIX = Long.BYTES;

    static final String METADATA = "__metadata__";

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .build();

    /**
     * One tensor's place.
     *
     * @param begin first byte, counted from the start of the data area
     * @param end one past the last byte
     */
    record Entry(String name, SafetensorsType type, long[] shape, long begin, long end) {}

    /** Reads and checks the header of a mapped file. */
    static SafetensorsHeader read(MappedFile file) {
        if (file.size() < PREFIX) {
            throw new OrtuneException(file.file() + ": is not a safetensors file (only " + file.size() + " bytes)");
        }
        long length = file.slice(0, PREFIX, "the header's length").getLong();
        if (length < 0 || length > LONGEST) {
            throw new OrtuneException(file.file() + ": is not a safetensors file (header of "
                    + Long.toUnsignedString(length) + " bytes; at most " + LONGEST + " are allowed)");
        }
        ByteBuffer bytes = file.slice(PREFIX, length, "the header");
        byte[] json = new byte[(int) length];
        bytes.get(json);
        return new Parser(file, PREFIX + length).parse(json);
    }

    private record Parser(MappedFile file, long dataStart) {
        SafetensorsHeader parse(byte[] json) {
            requireUtf8(json);
            Map<String, Entry> entries = new LinkedHashMap<>();
            try (JsonParser parser = JSON.createParser(json)) {
                if (json.length == 0 || json[0] != '{' || parser.nextToken() != JsonToken.START_OBJECT) {
                    throw broken("the header is not a JSON object");
                }
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    member(name, JSON.readTree(parser), entries);
                }
                if (parser.nextToken() != null) {
                    throw broken("more than one JSON value in the header");
                }
            } catch (JsonProcessingException e) {
                throw broken("the header is not valid JSON (" + Printable.of(e.getOriginalMessage()) + ")");
            } catch (IOException e) {
                throw new OrtuneException(file.file() + ": cannot be read (" + e.getMessage() + ")", e);
            }
            requireCovered(entries.values());
            return new SafetensorsHeader(entries, dataStart);
        }

        private void member(String name, JsonNode value, Map<String, Entry> entries) {
            if (name.equals(METADATA)) {
                requireStrings(value);
            } else {
                entries.put(name, entry(name, value));
            }
        }

        private void requireStrings(JsonNode metadata) {
            if (!metadata.isObject()) {
                throw broken(METADATA + " is not a JSON object");
            }
            for (JsonNode value : metadata) {
                if (!value.isTextual()) {
                    throw broken(METADATA + " holds something other than text");
                }
            }
        }

        private Entry entry(String name, JsonNode value) {
            SafetensorsType type = SafetensorsType.named(value.path("dtype").asText())
                    .orElseThrow(() -> broken(
                            name,
                            "has the unknown dtype \""
                                    + Printable.of(value.path("dtype").asText()) + "\""));
            long[] shape = numbers(name, "shape", value);
            long[] offsets = numbers(name, "data_offsets", value);
            if (offsets.length != 2 || offsets[1] < offsets[0]) {
                throw broken(name, "has data_offsets that are no [begin, end]");
            }
            Entry entry = new Entry(name, type, shape, offsets[0], offsets[1]);
            requireSize(entry);
            return entry;
        }

        private long[] numbers(String name, String key, JsonNode value) {
            JsonNode array = value.path(key);
            if (!array.isArray()) {
                throw broken(name, "has no " + key);
            }
            long[] numbers = new long[array.size()];
            for (int i = 0; i < numbers.length; i++) {
                JsonNode number = array.get(i);
                if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                    throw broken(
                            name,
                            "has a " + key + " that is no list of whole numbers: " + Printable.of(array.toString()));
                }
                numbers[i] = number.longValue();
            }
            return numbers;
        }

        private void requireSize(Entry entry) {
            long bytes = entry.end() - entry.begin();
            try {
                long needed = Math.multiplyExact(
                        Tensor.elements(entry.shape()), entry.type().bytes());
                if (needed != bytes) {
                    throw broken(entry.name(), "needs " + needed + " bytes but has " + bytes);
                }
            } catch (ArithmeticException e) {
                throw broken(entry.name(), "has a shape whose size overflows");
            }
            if (entry.end() > file.size() - dataStart) {
                throw broken(
                        entry.name(),
                        "ends outside the file (byte " + entry.end() + " of " + (file.size() - dataStart)
                                + " in the data area)");
            }
        }

        private void requireCovered(Iterable<Entry> entries) {
            List<Entry> sorted = new ArrayList<>();
            entries.forEach(sorted::add);
            sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
            long end = 0;
            for (Entry entry : sorted) {
                if (entry.begin() < end) {
                    throw broken(entry.name(), "overlaps the tensor before it (at byte " + entry.begin() + ")");
                }
                if (entry.begin() > end) {
                    throw broken(entry.name(), "leaves a gap before it (bytes " + end + " to " + entry.begin() + ")");
                }
                end = entry.end();
            }
            if (end != file.size() - dataStart) {
                throw broken("holds " + (file.size() - dataStart - end) + " bytes after its last tensor");
            }
        }

        private void requireUtf8(byte[] json) {
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            ByteBuffer bytes = ByteBuffer.wrap(json);
            CharBuffer scratch = CharBuffer.allocate(8192);
            CoderResult result = CoderResult.OVERFLOW;
            while (result.isOverflow()) {
                result = decoder.decode(bytes, scratch.clear(), true);
            }
            if (result.isError()) {
                throw broken("the header is not UTF-8 text (at byte " + (PREFIX + bytes.position()) + ")");
            }
        }

        private OrtuneException broken(String what) {
            return new OrtuneException(file.file() + ": " + what);
        }

        private OrtuneException broken(String tensor, String what) {
            return broken("tensor " + Printable.of(tensor) + " " + what);
        }
    }
}

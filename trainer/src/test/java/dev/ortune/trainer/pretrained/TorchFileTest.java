package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that torch.save wrote (src/test/golden/make_torch.py), and such as nobody should write. */
class TorchFileTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/torch");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "float32.bin,float32",
        "float32-old.bin,float32",
        "float32-protocol-4.bin,float32",
        "float16.bin,float16",
        "float16-old.bin,float16",
        "bfloat16.bin,bfloat16",
        "bfloat16-old.bin,bfloat16"
    })
    void numbersAreTorchs(String file, String type) {
        JsonNode expected = JsonFile.readObject(GOLDEN.resolve("expected.json")).path(type);
        Weights weights = TorchFile.read(GOLDEN.resolve(file), name -> !name.equals("position_ids"));
        assertThat(weights.all()).hasSize(expected.size());
        for (Map.Entry<String, JsonNode> entry : expected.properties()) {
            Tensor tensor = weights.get(entry.getKey());
            assertThat(numbers(tensor.shape()))
                    .as(entry.getKey())
                    .isEqualTo(entry.getValue().path("shape").toString());
            FloatBuffer data = tensor.data();
            for (JsonNode value : entry.getValue().path("values")) {
                assertThat(data.get()).as(entry.getKey()).isEqualTo(value.floatValue());
            }
        }
    }

    private static String numbers(long[] shape) {
        return Arrays.toString(shape).replace(" ", "");
    }

    @Test
    void wholeNumbersAreNoWeights() {
        assertThatThrownBy(() -> TorchFile.read(GOLDEN.resolve("float32.bin"), "position_ids"::equals))
                .hasMessageEndingWith("tensor position_ids is I64; only F32, F16 and BF16 can be read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list.bin|holds something other than a table of tensors by name",
                "module.bin|asks for Python's torch.nn.modules.linear.Linear, which is not called here: only tensors are read"
            })
    void whatElseTorchSaves(String file, String message) {
        assertThatThrownBy(() -> TorchFile.read(GOLDEN.resolve(file), name -> true))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(GOLDEN.resolve(file) + ": ")
                .hasMessageEndingWith(message);
    }

    @Test
    void aFolderOfThemIsAModel() throws IOException {
        TinyBert.folder(folder, TinyBert.encoder());
        Files.delete(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("pytorch_model.bin"), TinyTorch.file(TinyBert.encoder()));
        PretrainedModel model = PretrainedModel.load(folder);
        for (Tensor tensor : TinyBert.encoder()) {
            assertThat(model.weights().get(tensor.name()).data()).isEqualTo(tensor.data());
        }
        assertThat(model.sha256()).hasSize(64);
    }

    @Test
    void shardsToo() throws IOException {
        TinyBert.folder(folder, TinyBert.encoder());
        Files.delete(folder.resolve("model.safetensors"));
        List<Tensor> all = TinyBert.encoder();
        Files.write(folder.resolve("a.bin"), TinyTorch.file(all.subList(0, 3)));
        Files.write(folder.resolve("b.bin"), TinyTorch.file(all.subList(3, all.size())));
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            map.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(all.get(i).name())
                    .append(i < 3 ? "\":\"a.bin\"" : "\":\"b.bin\"");
        }
        Path index = folder.resolve("pytorch_model.bin.index.json");
        Files.writeString(index, "{\"weight_map\":{" + map + "}}");
        PretrainedModel model = PretrainedModel.load(folder);
        assertThat(model.weights().get(all.get(5).name()).data())
                .isEqualTo(all.get(5).data());
        Files.writeString(index, "{\"weight_map\":{\"" + all.get(0).name() + "\":\"a.safetensors\"}}");
        assertThatThrownBy(() -> PretrainedModel.load(folder))
                .hasMessageContaining("impossible name \"a.safetensors\"");
    }

    static Stream<Arguments> pickles() {
        int[] two = {2};
        int[] one = {1};
        return Stream.of(
                broken("ends in the middle of an instruction", p -> p.code('}')),
                broken("holds instruction 0x69 of Python's pickle at byte 2", p -> p.code('i')
                        .code('.')),
                broken("asks for Python's os.system, which is not called here", p -> p.name("os", "system")
                        .code('.')),
                broken(
                        "asks for Python's builtins.eval, which",
                        p -> p.text("builtins").text("eval").bytes(0x93, '.')),
                broken(
                        "asks for Python's torch._utils._rebuild_sparse",
                        p -> p.name("torch._utils", "_rebuild_sparse")),
                broken(
                        "names a Python object by something other than texts",
                        p -> p.code('N').code('N').bytes(0x93)),
                broken("takes a value from an empty stack", p -> p.code('.')),
                broken(
                        "takes a value from an empty stack",
                        p -> p.code('}').code('(').code('0')),
                broken("looks for a mark that was not set", p -> p.code('}').code('u')),
                broken("asks for memo 7, which was not kept", p -> p.bytes('h', 7)),
                broken("is of pickle protocol 9; 5 is the last one known", p -> p.bytes(0x80, 9)),
                broken("has a whole number of 9 bytes", p -> p.bytes(0x8a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
                broken("has a text of 4294967295 bytes, more than are left", p -> p.bytes('X', 255, 255, 255, 255)),
                broken("has a text that is not UTF-8", p -> p.bytes('X', 1, 0, 0, 0, 0xff)),
                broken("has a Python name of more than 1000 letters", p -> p.name("a".repeat(1001), "b")),
                broken(
                        "appends to something that is no list",
                        p -> p.code('}').code('N').code('a')),
                broken(
                        "puts entries into something that is no table",
                        p -> p.code(']').text("a").code('N').code('s')),
                broken(
                        "puts entries into something that is no table",
                        p -> p.code('}').code('(').text("a").code('u')),
                broken(
                        "has a table whose keys are no texts",
                        p -> p.code('}').code('N').code('N').code('s')),
                broken("has two entries called a", p -> p.code('}')
                        .code('(')
                        .text("a")
                        .code('N')
                        .text("a")
                        .code('N')
                        .code('u')),
                broken("refers to something outside that is no storage", p -> p.text("other")
                        .code('Q')),
                broken("refers to something outside that is no storage", p -> p.storage("FloatStorage", "0", -1)),
                broken(
                        "calls something that cannot be called",
                        p -> p.text("a").code(')').code('R')),
                broken(
                        "calls a kind of storage",
                        p -> p.name("torch", "FloatStorage").code(')').code('R')),
                broken(
                        "makes a table of something other than pairs",
                        p -> p.name("collections", "OrderedDict").tuple(1).code('R')),
                broken("makes a tensor of something that is no storage", p -> p.name(
                                "torch._utils", "_rebuild_tensor_v2")
                        .tuple(1, 2)
                        .code('R')),
                broken("makes a parameter of something that is no tensor", p -> p.name(
                                "torch._utils", "_rebuild_parameter")
                        .code(')')
                        .code('R')),
                broken("has a tensor of 1 dimensions with 2 strides", p -> p.tensor("0", 2, two, new int[] {1, 1})),
                broken("reaches number 2 of storage 0, which has 2", p -> p.tensor("0", 2, new int[] {3}, one)),
                broken("reaches number 2 of storage 0, which has 2", p -> p.tensor("0", 2, two, two)),
                broken("sizes or strides are no whole numbers from 0 on", p -> p.tensor("0", 2, new int[] {-1}, one)),
                broken("has a tensor of 17 dimensions", p -> p.tensor("0", 2, new int[17], new int[17])),
                broken(
                        "has a tensor whose size overflows",
                        p -> p.tensor(
                                "0", 2, new int[] {2147483647, 2147483647, 2147483647, 0}, new int[] {0, 0, 0, 0})),
                broken("holds no table of tensors by name", p -> p.code('}')));
    }

    private interface Instructions {
        TinyTorch of(TinyTorch pickle);
    }

    private static Arguments broken(String message, Instructions instructions) {
        byte[] pickle = instructions.of(TinyTorch.pickle()).end();
        boolean isCut = message.startsWith("ends in");
        return Arguments.of(message, isCut ? Arrays.copyOf(pickle, pickle.length - 1) : pickle);
    }

    @ParameterizedTest
    @MethodSource("pickles")
    void malformedPickles(String message, byte[] pickle) throws IOException {
        Path file = folder.resolve("pytorch_model.bin");
        Files.write(file, TinyTorch.zip(new LinkedHashMap<>(Map.of("m/data.pkl", pickle, "m/data/0", new byte[8]))));
        assertThatThrownBy(() -> TorchFile.read(file, name -> true))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void filesThatAreNotWhole() throws IOException {
        byte[] whole = TinyTorch.file(TinyBert.encoder());
        Path file = folder.resolve("pytorch_model.bin");
        refused(file, new byte[0], "is no file of PyTorch: neither a zip nor a pickle");
        refused(file, "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8), "is no file of PyTorch");
        refused(file, Arrays.copyOf(whole, whole.length / 2), "is a zip whose end is missing");
        refused(file, TinyTorch.zip(Map.of("a", new byte[1])), "is a zip without data.pkl; is it PyTorch's?");
        byte[] tensor = TinyTorch.pickle()
                .code('}')
                .text("a")
                .tensor("0", 2, new int[] {2}, new int[] {1})
                .code('s')
                .end();
        refused(file, TinyTorch.zip(Map.of("m/data.pkl", tensor)), "has no m/data/0, which m/data.pkl refers to");
        refused(
                file,
                TinyTorch.zip(Map.of("m/data.pkl", tensor, "m/data/0", new byte[7])),
                "needs 8 bytes for storage 0 but has 7");
        refused(
                file,
                TinyTorch.zip(Map.of("data.pkl", tensor, "data/0", new byte[8], "byteorder", new byte[] {'b'})),
                "was written on a machine of the other byte order");
        refused(file, TinyTorch.pickle().number(3).end(), "is a pickle, but not one of PyTorch's files");
        byte[] old = Files.readAllBytes(GOLDEN.resolve("float32-old.bin"));
        refused(file, Arrays.copyOf(old, old.length - 1), "lies outside the file");
    }

    private static void refused(Path file, byte[] content, String message) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> TorchFile.read(file, name -> true))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}

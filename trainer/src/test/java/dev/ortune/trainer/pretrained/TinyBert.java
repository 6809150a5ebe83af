package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.model.Bert;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.Parameter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A BERT small enough to be written out by each test, every element with a value of its own. */
final class TinyBert {
    static final String CONFIG = """
            {"model_type": "bert", "vocab_size": 7, "hidden_size": 4, "num_hidden_layers": 2,
             "num_attention_heads": 2, "intermediate_size": 6, "max_position_embeddings": 5, "custom": true}
            """;

    static final Bert SHAPE = Berts.bert(new Size(7, 4, 2, 2, 6, 5, 2));

    private TinyBert() {}

    static List<Tensor> tensors(List<Parameter> specs) {
        return specs.stream().map(TinyBert::tensor).toList();
    }

    static List<Tensor> encoder() {
        return tensors(SHAPE.bodyParameters());
    }

    static List<Tensor> pooler() {
        return tensors(Berts.parameters(SHAPE, 2).stream()
                .filter(parameter -> parameter.name().startsWith("bert.pooler."))
                .toList());
    }

    static Tensor tensor(Parameter spec) {
        float[] values = new float[(int) spec.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.floorMod(spec.name().hashCode(), 1000) + i / 64f;
        }
        return new Tensor(spec.name(), spec.sizes(), FloatBuffer.wrap(values));
    }

    /** A folder with config.json and model.safetensors. */
    static Path folder(Path folder, List<Tensor> tensors) throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG);
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
        return folder;
    }

    static void assertSame(Weights weights, List<Tensor> expected) {
        assertThat(weights.all())
                .extracting(Tensor::name)
                .containsExactlyElementsOf(expected.stream().map(Tensor::name).toList());
        for (Tensor tensor : expected) {
            assertThat(weights.get(tensor.name()).shape()).as(tensor.name()).isEqualTo(tensor.shape());
            assertThat(weights.get(tensor.name()).data()).as(tensor.name()).isEqualTo(tensor.data());
        }
    }

    /** The data of a matrix with rows and columns exchanged. */
    static Tensor transposed(Tensor matrix) {
        int rows = (int) matrix.shape()[0];
        int columns = (int) matrix.shape()[1];
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = matrix.data().get(i % rows * columns + i / rows);
        }
        return new Tensor(matrix.name(), new long[] {columns, rows}, FloatBuffer.wrap(values));
    }

    static boolean isMatrix(Tensor tensor) {
        return tensor.shape().length == 2 && !tensor.name().contains("embeddings");
    }
}

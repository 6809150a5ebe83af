package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Architectures;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import dev.ortune.trainer.model.layers.Written;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.task.head.TextToTextHead;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A T5 that learns to write the names of labels, from the command line. */
class TextToTextRunTest {
    private static final String CONFIG = """
            {"model_type": "t5", "vocab_size": 16, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4,
             "dropout_rate": 0.0, "architectures": ["T5ForConditionalGeneration"]}
            """;

    @TempDir
    private static Path folder;

    private static Path tiny;
    private static Path train;
    private static Path model;
    private static Cli cli;

    @BeforeAll
    static void train() throws IOException {
        tiny = t5(TinyModel.write(folder.resolve("tiny")));
        train = TinyModel.sentences(folder.resolve("train.tsv"), 240);
        model = folder.resolve("models/written");
        cli = run("--out=" + model, "--label-names=not,well", "--test=" + train);
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
    }

    /** Another network with the same tokenizer. */
    static Path t5(Path written) throws IOException {
        Files.writeString(written.resolve("config.json"), CONFIG);
        Architecture architecture = Architectures.of(new ObjectMapper().readTree(CONFIG));
        Random random = new Random(5);
        List<Tensor> tensors = new Network(architecture, new TextToTextHead(new Written.Words(List.of(List.of(1)))))
                .parameters().stream()
                        .map(parameter -> tensor(parameter, random))
                        .toList();
        Safetensors.write(written.resolve("model.safetensors"), tensors, Map.of());
        return written;
    }

    private static Tensor tensor(Parameter parameter, Random random) {
        float[] values = new float[(int) parameter.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameter.role() == Role.NORM ? 1 : (float) (random.nextGaussian() * 0.2);
        }
        return new Tensor(parameter.name(), parameter.sizes(), FloatBuffer.wrap(values));
    }

    private static Cli run(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "train",
                "--pretrained=" + tiny,
                "--task=text2text",
                "--prefix=the dog ",
                "--train=" + train,
                "--batch-size=8",
                "--lr=3e-3",
                "--threads=1",
                "--epochs=5"));
        for (String option : options) {
            all.removeIf(earlier -> earlier.startsWith(option.replaceFirst("=.*", "=")));
            all.add(option);
        }
        return Cli.run(all.toArray());
    }

    @Test
    void itIsMeasuredAsAnyClassifier() {
        assertThat(cli.out())
                .contains("Labels      not, well")
                .containsPattern("epoch +step +train loss +val. loss +accuracy +F1 +MCC")
                .containsPattern("MCC +(0\\.9|1\\.0)\\d* over the whole set");
        Cli evaluated = Cli.run("evaluate", model, "--data", train);
        assertThat(evaluated.err()).isEmpty();
        assertThat(evaluated.out())
                .contains("0 is taken for not, 1 is taken for well")
                .containsPattern("MCC +(0\\.9|1\\.0)")
                .contains("Confusion matrix");
    }

    @Test
    void theModelSaysWhatItIs() {
        JsonNode config = JsonFile.readObject(model.resolve("config.json"));
        assertThat(config.path("architectures").toString()).isEqualTo("[\"T5ForConditionalGeneration\"]");
        assertThat(config.path("id2label").path("1").asText()).isEqualTo("well");
        assertThat(config.path("prefix").asText()).isEqualTo("the dog ");
        assertThat(config.path("decoder_start_token_id").asInt(-1)).isZero();
        assertThat(Safetensors.read(model.resolve("model.safetensors")).contains("shared.weight"))
                .isTrue();
        JsonNode arguments = JsonFile.readObject(model.resolve("training_args.json"));
        assertThat(arguments.path("task").asText()).isEqualTo("text2text");
        assertThat(arguments.path("prefix").asText()).isEqualTo("the dog ");
        assertThat(model.resolve("report.html")).isNotEmptyFile();
    }

    /** Its weights have other names in the other classes. */
    @Test
    void whatItLearntIsOfUseToAClassifier() {
        Path other = folder.resolve("models/classifier");
        Cli classifier = Cli.run(
                "train",
                "--pretrained=" + model,
                "--train=" + train,
                "--out=" + other,
                "--task=text-classification",
                "--epochs=1",
                "--threads=1");
        assertThat(classifier.err()).isEmpty();
        assertThat(classifier.exit()).isZero();
        assertThat(Safetensors.read(other.resolve("model.safetensors")).contains("transformer.shared.weight"))
                .isTrue();
        assertThat(JsonFile.readObject(other.resolve("config.json"))
                        .path("architectures")
                        .toString())
                .isEqualTo("[\"T5ForSequenceClassification\"]");
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() throws IOException {
        Path out = folder.resolve("models/refused");
        assertThat(run("--out=" + out).err())
                .contains("numbers its labels, but text2text writes words; name them with --label-names");
        assertThat(run("--out=" + out, "--task=text-classification").err())
                .contains("--prefix is for --task text2text");
        Path bert = TinyModel.write(folder.resolve("bert"));
        assertThat(run("--out=" + out, "--pretrained=" + bert, "--label-names=not,well")
                        .err())
                .contains("Bert writes no texts; text2text is for T5");
    }
}

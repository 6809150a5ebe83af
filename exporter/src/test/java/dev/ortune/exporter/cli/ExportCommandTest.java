package dev.ortune.exporter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.Sha256;
import dev.ortune.exporter.TinyBert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole exports of the real thing. */
class ExportCommandTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() {
        model = TinyBert.write(folder.resolve("tiny"));
    }

    @Test
    void allPrecisionsAreWrittenComparedAndListed() throws IOException {
        Cli cli = Cli.run("export", model, "--precision", "fp32,fp16,int8,int4", "--optimize=cpu,cuda", "--force");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
        assertThat(files())
                .containsExactly(
                        "export.json",
                        "model.onnx",
                        "model_cpu.onnx",
                        "model_cuda.onnx",
                        "model_fp16.onnx",
                        "model_fp16_cuda.onnx",
                        "model_int8.onnx",
                        "model_int8_cpu.onnx",
                        "model_q4.onnx",
                        "model_q4_cpu.onnx");
        assertThat(cli.out())
                .contains("logits differ", "same verdicts", "written: " + model.resolve("onnx/model.onnx"));
        for (JsonNode file : json().path("files")) {
            Path path = model.resolve("onnx").resolve(file.path("file").asText());
            assertThat(file.path("sha256").asText()).isEqualTo(Sha256.of(path));
            assertThat(file.path("bytes").asLong()).isEqualTo(Files.size(path));
            assertThat(file.at("/verification/sentences").asInt()).isEqualTo(130);
            assertThat(cli.out()).contains(file.path("file").asText());
        }
        assertThat(json().at("/source/model.safetensors").asText())
                .isEqualTo(Sha256.of(model.resolve("model.safetensors")));
        assertThat(json().at("/files/0/verification/max_logit_difference").asDouble())
                .isLessThan(1e-4);
        assertThat(json().at("/files/0/latency_ms/1x16").asDouble()).isPositive();
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        export("--precision=fp32,int8", "--force");
        byte[] first = Files.readAllBytes(model.resolve("onnx/model_int8.onnx"));
        export("--precision=fp32,int8", "--force");
        assertThat(model.resolve("onnx/model_int8.onnx")).hasBinaryContent(first);
    }

    @Test
    void labelledDataGivesAccuracyAndMcc() throws IOException {
        Path data = Files.writeString(
                folder.resolve("data.tsv"),
                "sentence\tlabel\nthe cat sleeps\tgood\nthe dog ran\t0\nthey was here\tfair\nshe is not\t2\n");
        Cli cli = export("--precision=fp32", "--data=" + data);
        assertThat(cli.out()).contains("Compared on 4 texts (data.tsv)");
        JsonNode verification = json().at("/files/0/verification");
        assertThat(verification.path("accuracy").path("source")).isEqualTo(verification.at("/accuracy/exported"));
        assertThat(verification.path("mcc").path("source").isNumber()).isTrue();
    }

    @Test
    void theModelsOwnValidationSetIsTaken() throws IOException {
        Files.writeString(
                model.resolve("predictions_validation.tsv"),
                "sentence\tlogit_bad\tlabel\nthe cat sleeps\t0.5\tgood\nthe dog ran\t0.1\tbad\n");
        assertThat(export("--precision=fp32").out()).contains("Compared on 2 texts (the model's validation set)");
    }

    @Test
    void filesOfTheSameSourceStayAndOthersGo() throws IOException {
        export("--precision=fp32");
        Files.writeString(model.resolve("onnx/notes.txt"), "of a person");
        export("--precision=fp16");
        assertThat(files()).containsExactly("export.json", "model.onnx", "model_fp16.onnx", "notes.txt");
        assertThat(json().path("files")).hasSize(2);
        Files.writeString(
                model.resolve("config.json"),
                Files.readString(model.resolve("config.json")).replace("\"good\"", "\"fine\""));
        export("--precision=fp32");
        assertThat(files()).containsExactly("export.json", "model.onnx", "notes.txt");
        // What the model takes at most stands in each file, too.
        Path tokens = model.resolve("tokenizer_config.json");
        Files.writeString(tokens, Files.readString(tokens).replace("64", "32"));
        export("--precision=fp16");
        assertThat(files()).containsExactly("export.json", "model_fp16.onnx", "notes.txt");
    }

    @Test
    void aFileThatDiffersTooMuchIsLeftOutAndTheOthersAreWritten() throws IOException {
        // A weight that 8 bits cannot hold beside the others.
        model = TinyBert.write(folder.resolve("broken"), "bert.encoder.layer.1.attention.output.dense.weight");
        Cli cli = Cli.run("export", model, "--precision=fp32,int4");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .startsWith("ortune: model_q4.onnx is left out: it keeps")
                .contains("--force keeps it");
        assertThat(cli.err().strip().lines()).hasSize(1);
        assertThat(files()).containsExactly("export.json", "model.onnx");
        assertThat(json().path("files")).hasSize(1);
        assertThat(model.resolve(".onnx.exporting")).doesNotExist();
        assertThat(Cli.run("export", model, "--precision=int4", "--force").out())
                .contains("model_q4.onnx (failed)");
        assertThat(files()).containsExactly("export.json", "model.onnx", "model_q4.onnx");
        List<String> before = files();
        Cli nothing = Cli.run("export", model, "--precision=int4");
        assertThat(nothing.exit()).isEqualTo(1);
        assertThat(nothing.err()).startsWith("ortune: " + model + ": nothing is exported: model_q4.onnx is left out");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aWeightThatHalfPrecisionCannotHoldIsNamed() throws IOException {
        model = TinyBert.write(folder.resolve("broken"), "bert.encoder.layer.1.intermediate.dense.weight");
        Cli cli = Cli.run("export", model, "--precision=fp32,fp16");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .contains("model_fp16.onnx is left out: " + model.resolve("model.safetensors")
                        + ": tensor bert.encoder.layer.1.intermediate.dense.weight holds 70000.0,"
                        + " which half precision cannot");
        assertThat(files()).containsExactly("export.json", "model.onnx");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --precision=int9 | --precision
            --opset=16       | --opset must be from 17 to 21, not 16
            --threads=-1     | --threads must not be negative, but is -1
            --optimize=tpu   | must be cpu or cuda, not 'tpu'
            --activation-scale=row | must be tensor or token, not 'row'
            """)
    void badOptionsAreUsageErrors(String option, String message) {
        Cli cli = Cli.run("export", model, option);
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).startsWith("ortune: ").contains(message).doesNotContain("\tat ");
        assertThat(model.resolve("onnx")).doesNotExist();
    }

    @Test
    void everyOpsetRuns() {
        for (int opset = 17; opset <= 21; opset++) {
            assertThat(export("--opset=" + opset, "--precision=fp32,int8", "--force")
                            .exit())
                    .isZero();
        }
    }

    private Cli export(String... options) {
        List<Object> arguments = new ArrayList<>(List.of("export", model));
        arguments.addAll(List.of(options));
        Cli cli = Cli.run(arguments.toArray());
        assertThat(cli.err()).isEmpty();
        return cli;
    }

    private JsonNode json() {
        return JsonFile.readObject(model.resolve("onnx/export.json"));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(model.resolve("onnx"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}

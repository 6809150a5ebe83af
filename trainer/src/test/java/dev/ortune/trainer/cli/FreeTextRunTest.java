package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A T5 that learns to write texts, from the command line. */
class FreeTextRunTest {
    private static final int LONGEST = 6;

    @TempDir
    private static Path folder;

    private static Path tiny;
    private static Path test;
    private static Path model;
    private static Cli cli;

    @BeforeAll
    static void train() throws IOException {
        tiny = TextToTextRunTest.t5(TinyModel.write(folder.resolve("tiny")));
        // This tokenizer ends a text with [SEP].
        Path config = tiny.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"model_type\"", "\"eos_token_id\": 3, \"model_type\""));
        test = TinyData.texts(folder.resolve("test.csv"), 130, 2);
        model = folder.resolve("models/writer");
        cli = run(
                "--train=" + TinyData.texts(folder.resolve("train.csv"), 400, 1),
                "--test=" + test,
                "--out=" + model,
                "--targets=free",
                "--max-target-length=" + LONGEST,
                "--epochs=6");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
    }

    private static Cli run(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "train",
                "--pretrained=" + tiny,
                "--task=text2text",
                "--prefix=the dog ",
                "--batch-size=8",
                "--lr=5e-3",
                "--threads=1"));
        all.addAll(List.of(options));
        return Cli.run(all.toArray());
    }

    @Test
    void itLearnsToWrite() throws IOException {
        assertThat(cli.out())
                .containsPattern("epoch +step +train loss +val. loss +token accuracy +exact match")
                .containsPattern("exact match (0\\.9|1\\.0)")
                .doesNotContain("Labels ");
        Cli evaluated = Cli.run("evaluate", model, "--data", test, "--json");
        assertThat(evaluated.err()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(evaluated.out());
        assertThat(json.path("count").asInt()).isEqualTo(130);
        assertThat(json.path("tokens").asInt()).isEqualTo(130 * 5);
        assertThat(json.path("exact_match").asDouble()).isGreaterThan(0.9);
        assertThat(json.path("token_accuracy").asDouble()).isGreaterThan(0.95);
    }

    /** Told after the right tokens, all of a text's are the likeliest where the likeliest ones alone write it, and only there. */
    @Test
    void anExactMatchIsWhatIsWritten() throws IOException {
        Path file = folder.resolve("few.tsv");
        Path undecided = folder.resolve("models/undecided");
        Cli brief = run(
                "--train=" + folder.resolve("train.csv"),
                "--test=" + test,
                "--out=" + undecided,
                "--targets=free",
                "--epochs=1",
                "--limit=90");
        assertThat(brief.err()).isEmpty();
        int exact = 0;
        int written = 0;
        Cli.run("evaluate", undecided, "--data", test, "--predictions", file);
        for (Path each : List.of(model.resolve("predictions_test.tsv"), file)) {
            List<String> lines = Files.readAllLines(each);
            assertThat(lines.get(0))
                    .isEqualTo("sentence\ttarget\tprediction\tloss\ttarget_tokens\tright_tokens\ttokens");
            assertThat(lines).hasSize(131);
            for (String line : lines.subList(1, 101)) {
                String[] cells = line.split("\t", -1);
                boolean matches = cells[4].equals(cells[5]);
                assertThat(cells[2].equals(cells[1])).as(line).isEqualTo(matches);
                exact += matches ? 1 : 0;
                written++;
            }
            assertThat(lines.get(101).split("\t", -1)[2]).isEmpty();
        }
        assertThat(exact).isBetween(50, written - 10);
    }

    @Test
    void theModelSaysWhatItIs() throws IOException {
        JsonNode config = JsonFile.readObject(model.resolve("config.json"));
        assertThat(config.path("architectures").toString()).isEqualTo("[\"T5ForConditionalGeneration\"]");
        assertThat(config.has("id2label")).isFalse();
        assertThat(config.path("prefix").asText()).isEqualTo("the dog ");
        assertThat(config.path("decoder_start_token_id").asInt(-1)).isZero();
        JsonNode arguments = JsonFile.readObject(model.resolve("training_args.json"));
        assertThat(arguments.path("task").asText()).isEqualTo("text2text");
        assertThat(arguments.path("max_target_length").asInt()).isEqualTo(LONGEST);
        assertThat(arguments.path("metric_for_best_model").asText()).isEqualTo("loss");
        assertThat(model.resolve("report.html")).content().contains("What the model writes after", "Farthest off");
        assertThat(model.resolve("README.md"))
                .content()
                .contains(
                        "A model from text to text",
                        "AutoModelForSeq2SeqLM",
                        "tokenizer(\"the dog …\"",
                        "max_new_tokens=6")
                .contains("pipeline_tag: text2text-generation", "type: exact_match");
    }

    /** The same texts are labels where each stands in many rows, and free where it stands in few. */
    @Test
    void whatIsWrittenIsFoundFromTheData() throws IOException {
        Path few = TinyData.texts(folder.resolve("few.csv"), 60, 3);
        Path many = TinyData.texts(folder.resolve("many.csv"), 90, 3);
        Cli free = run("--train=" + few, "--out=" + folder.resolve("models/free"), "--epochs=1");
        assertThat(free.err()).isEmpty();
        assertThat(free.out())
                .contains("few.csv has 8 different targets in 60 rows, so any text is written; --targets labels");
        Cli labels = run("--train=" + many, "--out=" + folder.resolve("models/labels"), "--epochs=1");
        assertThat(labels.err()).isEmpty();
        assertThat(labels.out())
                .contains("many.csv has 8 different targets in 90 rows, so they are labels of which one is written")
                .contains("Labels      run the cat, ");
    }

    @Test
    void longTargetsAreCut() {
        Cli cut = run(
                "--train=" + test,
                "--out=" + folder.resolve("models/cut"),
                "--targets=free",
                "--max-target-length=4",
                "--epochs=1");
        assertThat(cut.err()).isEmpty();
        assertThat(cut.out()).containsPattern("117 targets of the train set have 4 tokens or are cut to them");
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() throws IOException {
        String out = "--out=" + folder.resolve("models/refused");
        assertThat(run("--train=" + test, out, "--targets=some").err())
                .contains("--targets must be free or labels, not some");
        assertThat(run("--train=" + test, out, "--targets=labels", "--max-target-length=9")
                        .err())
                .contains("--max-target-length is for texts that are written, but --targets says labels");
        assertThat(run("--train=" + test, out, "--max-target-length=1").err())
                .contains("--max-target-length must be at least 2");
        assertThat(Cli.run("train", "--pretrained=" + tiny, "--train=" + test, out, "--targets=free")
                        .err())
                .contains("--targets is for --task text2text");
        Path missing = Files.writeString(folder.resolve("missing.csv"), "text,target\nthe cat,the dog\nthe dog,\n");
        assertThat(run("--train=" + missing, out, "--targets=free").err())
                .contains("missing.csv, line 3: the target is missing");
        assertThat(Cli.run("evaluate", model, "--data", test, "--exported=onnx/model.onnx")
                        .err())
                .contains("writes texts, which no exported file by itself does");
    }
}

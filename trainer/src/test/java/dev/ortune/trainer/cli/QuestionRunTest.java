package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on questions: train, evaluate, inspect, report, resume. */
class QuestionRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    /** The question names an animal; its verb is the answer, and of animals that are not there, there is none. */
    @BeforeAll
    static void writeModelAndData() throws IOException {
        TinyModel.write(folder.resolve("tiny"));
        write("train.json", 240, 1);
        write("test.json", 40, 2);
        Cli trained = Cli.run(command("whole").toArray());
        assertThat(trained.err()).isEmpty();
        assertThat(trained.exit()).isZero();
        assertThat(trained.out())
                .contains(": 216 questions in ")
                .contains("exact match      F1")
                .contains("the null score up to which an answer stands")
                .doesNotContain("Labels");
    }

    private static List<String> command(String name) {
        return new ArrayList<>(List.of(
                "train",
                "--pretrained=" + folder.resolve("tiny"),
                "--train=" + folder.resolve("train.json"),
                "--test=" + folder.resolve("test.json"),
                "--out=" + folder.resolve(name),
                "--max-length=16",
                "--doc-stride=4",
                "--batch-size=8",
                "--lr=5e-3",
                "--epochs=10",
                "--save-steps=20",
                "--threads=1"));
    }

    private static void write(String name, int count, long seed) throws IOException {
        Random random = new Random(seed);
        ObjectNode set = JSON.createObjectNode();
        ArrayNode paragraphs =
                set.putArray("data").addObject().put("title", "Animals").putArray("paragraphs");
        for (int i = 0; i < count; i++) {
            boolean cat = random.nextBoolean();
            boolean asksForCat = random.nextInt(3) > 0 == cat;
            String verb = random.nextBoolean() ? "sleeps" : "runs";
            String begin = "the " + (cat ? "cat " : "dog ") + (random.nextBoolean() ? "not " : "");
            String context = begin + verb + " well . the the . the . well the . the . not .";
            ObjectNode question = paragraphs
                    .addObject()
                    .put("context", context)
                    .putArray("qas")
                    .addObject()
                    .put("id", "q" + i)
                    .put("question", asksForCat ? "cat" : "dog")
                    .put("is_impossible", cat != asksForCat);
            ArrayNode answers = question.putArray("answers");
            if (cat == asksForCat) {
                answers.addObject().put("text", verb).put("answer_start", begin.length());
            }
        }
        Files.writeString(folder.resolve(name), set.toString());
    }

    @Test
    void theModelSaysWhatItIs() throws IOException {
        JsonNode config = JSON.readTree(folder.resolve("whole/config.json").toFile());
        assertThat(config.path("architectures").path(0).asText()).isEqualTo("BertForQuestionAnswering");
        assertThat(config.has("id2label")).isFalse();
        assertThat(config.path("null_score_diff_threshold").isNumber()).isTrue();
        JsonNode arguments =
                JSON.readTree(folder.resolve("whole/training_args.json").toFile());
        assertThat(arguments.path("task").asText()).isEqualTo("question-answering");
        assertThat(arguments.path("version_2_with_negative").asBoolean()).isTrue();
        assertThat(arguments.at("/data/train/examples").asInt()).isEqualTo(216);
        assertThat(Files.readString(folder.resolve("whole/README.md")))
                .contains("pipeline_tag: question-answering", "| exact match |", "answers questions from a context")
                .doesNotContain("{{", "classifier");
        assertThat(Files.readString(folder.resolve("whole/report.html")))
                .contains("F1, test set", "By words of the answer, test set", "<th>no answer</th>")
                .doesNotContain("{{", "MCC");
    }

    /** It learns something; that it learns as well as transformers, the golden files and bench/squad tell. */
    @Test
    void evaluatingGivesTheTestsFigures() throws IOException {
        Cli cli = Cli.run(
                "evaluate",
                folder.resolve("whole"),
                "--data=" + folder.resolve("test.json"),
                "--predictions=" + folder.resolve("said.json"),
                "--threads=1",
                "--json");
        assertThat(cli.err()).isEmpty();
        JsonNode json = JSON.readTree(cli.out());
        List<String> lines = Files.readAllLines(folder.resolve("whole/metrics.jsonl"));
        JsonNode end = JSON.readTree(lines.get(lines.size() - 1));
        assertThat(json.path("f1").asDouble())
                .isEqualTo(end.path("test_f1").asDouble())
                .isGreaterThan(0.6);
        assertThat(json.path("null_threshold")).isEqualTo(end.path("test_null_threshold"));
        assertThat(json.path("HasAns_total").asInt() + json.path("NoAns_total").asInt())
                .isEqualTo(40);
        assertThat(folder.resolve("said.json")).hasSameTextualContentAs(folder.resolve("whole/predictions_test.json"));
        assertThat(folder.resolve("said_nbest.jsonl")).exists();
        assertThat(Cli.run("evaluate", folder.resolve("whole"), "--data=" + folder.resolve("test.json"))
                        .out())
                .contains("exact match  ", "answerable", "The best F1 is ");
    }

    @Test
    void inspectShowsTheWindows() {
        Cli cli = Cli.run("inspect", folder.resolve("tiny"), "--data=" + folder.resolve("train.json"));
        assertThat(cli.err()).isEmpty();
        assertThat(cli.out())
                .contains("First question of ", "qa_outputs")
                .containsPattern(
                        "start_positions \\d+, \\S+\\n  end_positions \\d+, |end_positions \\d+, \\S+\\n  start_positions");
    }

    @Test
    void aRunThatIsKilledGoesOnToTheSameModel() throws IOException, InterruptedException {
        List<String> command = command("killed");
        command.add("--json");
        JavaProcess child =
                JavaProcess.start(OrtuneProcess.class, Map.of(OrtuneProcess.ARGUMENTS, String.join("\n", command)));
        child.waitFor("\"step\":33,");
        child.process().destroyForcibly();
        child.process().waitFor();
        Cli resumed = Cli.run("train", "--resume", folder.resolve("killed"));
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.exit()).isZero();
        for (String file :
                List.of("config.json", "model.safetensors", "predictions_test.json", "predictions_test_nbest.jsonl")) {
            assertThat(folder.resolve("killed").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
    }

    @Test
    void optionsOfOtherTasksAreRefused() {
        List<String> command = command("refused");
        command.add("--text-column=question");
        assertThat(Cli.run(command.toArray()).err()).contains("questions and contexts have names of their own");
        command.set(command.size() - 1, "--task=token-classification");
        assertThat(Cli.run(command.toArray()).err())
                .contains("--doc-stride, --max-answer-length and --version-2-with-negative are for --task"
                        + " question-answering");
        command.set(command.size() - 1, "--label-smoothing=0.1");
        assertThat(Cli.run(command.toArray()).err())
                .contains("--label-smoothing is for labels that exclude each other");
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}

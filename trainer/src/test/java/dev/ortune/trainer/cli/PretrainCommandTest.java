package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JavaProcess;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainCommandTest {
    private static final List<String> RESULTS = List.of(
            "config.json", "graph.onnx", "model.safetensors", "training/checkpoint", "training/trainer_state.json");

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyModel.write(folder.resolve("tiny"));
        texts(folder.resolve("train.txt"), 300);
        texts(folder.resolve("validation.txt"), 40);
    }

    /** Sentences of which a masked word follows from the others: nouns have verbs and adverbs of their own. */
    private static void texts(Path file, int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(5);
        for (int i = 0; i < lines; i++) {
            text.append(random.nextBoolean() ? "the cat sleeps well .\n" : "the dog runs not .\n");
        }
        Files.writeString(file, text);
    }

    private List<String> command(String name, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "pretrain",
                "--pretrained=" + folder.resolve("tiny"),
                "--train=" + folder.resolve("train.txt"),
                "--validation=" + folder.resolve("validation.txt"),
                "--out=" + folder.resolve(name),
                "--batch-size=8",
                "--max-length=16",
                "--lr=3e-3",
                "--threads=1"));
        for (String option : more) {
            command.removeIf(earlier -> earlier.startsWith(option.replaceFirst("=.*", "=")));
            command.add(option);
        }
        return command;
    }

    private Cli pretrain(String name, String... more) {
        return Cli.run(command(name, more).toArray());
    }

    @Test
    void aModelLearnsToFillMasksAndIsFineTunedFromThere() throws IOException {
        Cli run = pretrain("adapted", "--epochs=8", "--eval-steps=10", "--lr=1e-2", "--line-by-line");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("300 sequences of 7.0 tokens (longest 7)")
                .contains("Initialised cls.predictions.transform.dense.weight")
                .contains("perplexity");
        List<JsonNode> evaluations = lines("adapted").stream()
                .filter(line -> line.has("eval_perplexity"))
                .toList();
        assertThat(evaluations.get(0).path("eval_perplexity").asDouble()).isGreaterThan(2);
        JsonNode last = evaluations.get(evaluations.size() - 1);
        // Which of the two sentences it is follows from any other word, unless that is masked, too.
        assertThat(last.path("eval_perplexity").asDouble()).isLessThan(1.5);
        assertThat(last.path("eval_accuracy").asDouble()).isGreaterThan(0.8);
        assertThat(Math.exp(last.path("eval_loss").asDouble()))
                .isEqualTo(last.path("eval_perplexity").asDouble());

        JsonNode config = json("adapted/config.json");
        assertThat(config.path("architectures").path(0).asText()).isEqualTo("BertForMaskedLM");
        assertThat(config.has("id2label")).isFalse();
        List<String> names = Safetensors.read(folder.resolve("adapted/model.safetensors")).all().stream()
                .map(Tensor::name)
                .toList();
        assertThat(names)
                .contains("cls.predictions.bias", "cls.predictions.transform.LayerNorm.weight")
                .doesNotContain("bert.pooler.dense.weight", "cls.predictions.decoder.weight");
        assertThat(folder.resolve("adapted/training")).isDirectoryNotContaining("glob:**.tokens*");
        assertThat(Files.readString(folder.resolve("adapted/report.html"))).contains("Validation perplexity");
        assertThat(Files.readString(folder.resolve("adapted/README.md")))
                .contains("pipeline_tag: fill-mask")
                .contains("A masked language model, pre-trained on from tiny")
                .contains("./ortune pretrain");

        TinyModel.sentences(folder.resolve("labelled.tsv"), 60);
        Cli train = Cli.run(
                "train",
                "--pretrained=" + folder.resolve("adapted"),
                "--train=" + folder.resolve("labelled.tsv"),
                "--epochs=1",
                "--threads=1",
                "--out=" + folder.resolve("fine"));
        assertThat(train.err()).isEmpty();
        assertThat(train.out()).contains("Initialised bert.pooler.dense.weight");
        assertThat(train.exit()).isZero();
    }

    @Test
    void aRunGoesOnToTheBit() throws IOException, InterruptedException {
        String[] options = {"--epochs=3", "--eval-steps=7", "--save-steps=5", "--json", "--whole-word-mask"};
        assertThat(pretrain("whole", options).exit()).isZero();
        JavaProcess child = JavaProcess.start(
                OrtuneProcess.class, Map.of(OrtuneProcess.ARGUMENTS, String.join("\n", command("killed", options))));
        child.waitFor("\"step\":13,");
        child.process().toHandle().destroyForcibly();
        child.await();
        assertThat(folder.resolve("killed")).doesNotExist();
        Cli resumed = Cli.run("pretrain", "--resume", folder.resolve("killed"));
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out()).containsPattern("Going on from step (5|10|15)");
        for (String file : RESULTS) {
            assertThat(folder.resolve("killed").resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
        assertThat(evaluations("killed")).isEqualTo(evaluations("whole")).isNotEmpty();
    }

    @Test
    void nextSentencesAreLearntBeside() throws IOException {
        StringBuilder documents = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String line = i % 2 == 0 ? "the cat sleeps well .\n" : "the dog runs not .\n";
            documents.append(line.repeat(6)).append('\n');
        }
        Files.writeString(folder.resolve("documents.txt"), documents);
        Cli run = pretrain(
                "both",
                "--train=" + folder.resolve("documents.txt"),
                "--validation=" + folder.resolve("documents.txt"),
                "--objective=mlm+nsp",
                "--max-steps=40");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("NSP accuracy");
        JsonNode evaluation = evaluations("both").get(0);
        assertThat(evaluation.path("eval_nsp_accuracy").asDouble()).isBetween(0.3, 1.0);
        assertThat(evaluation.path("eval_mlm_loss").asDouble()
                        + evaluation.path("eval_nsp_loss").asDouble())
                .isEqualTo(evaluation.path("eval_loss").asDouble());
        assertThat(json("both/config.json").path("architectures").path(0).asText())
                .isEqualTo("BertForPreTraining");
        assertThat(Safetensors.read(folder.resolve("both/model.safetensors")).all())
                .extracting(Tensor::name)
                .contains("bert.pooler.dense.weight", "cls.seq_relationship.bias");
    }

    @Test
    void aRunEndsAtItsLastStepWhateverTheEpochs() throws IOException {
        assertThat(pretrain("short", "--max-steps=20").exit()).isZero();
        JsonNode end = lines("short").get(lines("short").size() - 1);
        assertThat(end.path("step").asInt()).isEqualTo(20);
        assertThat(json("short/training_args.json").path("max_steps").asInt()).isEqualTo(20);
    }

    @Test
    void fromScratchAllWeightsAreDrawn() throws IOException {
        Path config = Files.writeString(folder.resolve("small.json"), """
                {"model_type": "roberta", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
                 "intermediate_size": 32, "max_position_embeddings": 40, "type_vocab_size": 1, "pad_token_id": 0}
                """);
        Cli run = Cli.run(
                "pretrain",
                "--config=" + config,
                "--tokenizer=" + folder.resolve("tiny"),
                "--train=" + folder.resolve("train.txt"),
                "--validation-split=0.2",
                "--line-by-line",
                "--max-steps=10",
                "--max-length=16",
                "--threads=1",
                "--out=" + folder.resolve("small"));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("240 sequences of 7.0 tokens").contains("60 sequences of 7.0 tokens");
        assertThat(json("small/config.json").path("vocab_size").asInt()).isEqualTo(16);
        assertThat(json("small/config.json").path("architectures").path(0).asText())
                .isEqualTo("RobertaForMaskedLM");
    }

    private String[] ofNextTokens() throws IOException {
        Path config = Files.writeString(folder.resolve("gpt2.json"), """
                {"model_type": "gpt2", "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 40,
                 "bos_token_id": 0, "eos_token_id": 0}
                """);
        return new String[] {
            "--config=" + config,
            "--tokenizer=src/test/resources/golden/tokenizers/gpt2",
            "--objective=clm",
            "--max-length=24",
            "--lr=2e-2",
            "--eval-steps=7",
            "--save-steps=5",
            "--json"
        };
    }

    private List<String> commandOfNextTokens(String name, String... more) throws IOException {
        List<String> command = command(name, ofNextTokens());
        command.removeIf(option -> option.startsWith("--pretrained="));
        command.addAll(List.of(more));
        return command;
    }

    @Test
    void nextTokensAreLearntFromScratchToTheBit() throws IOException, InterruptedException {
        Cli whole = Cli.run(commandOfNextTokens("whole", "--epochs=4").toArray());
        assertThat(whole.err()).isEmpty();
        assertThat(whole.exit()).isZero();
        JavaProcess child = JavaProcess.start(
                OrtuneProcess.class,
                Map.of(OrtuneProcess.ARGUMENTS, String.join("\n", commandOfNextTokens("killed", "--epochs=4"))));
        child.waitFor("\"step\":13,");
        child.process().toHandle().destroyForcibly();
        child.await();
        assertThat(Cli.run("pretrain", "--resume", folder.resolve("killed")).exit())
                .isZero();
        for (String file : RESULTS) {
            assertThat(folder.resolve("killed").resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
        List<JsonNode> evaluations = evaluations("whole");
        double first = evaluations.get(0).path("eval_perplexity").asDouble();
        double last =
                evaluations.get(evaluations.size() - 1).path("eval_perplexity").asDouble();
        // Which of the two sentences comes next nobody knows, everything else follows.
        assertThat(last).isLessThan(2).isLessThan(first);
        assertThat(json("whole/config.json").path("architectures").path(0).asText())
                .isEqualTo("GPT2LMHeadModel");
        assertThat(json("whole/config.json").path("pad_token_id").asInt(-1)).isZero();
        assertThat(json("whole/training_args.json").has("mlm_probability")).isFalse();
        assertThat(folder.resolve("whole/graph_with_past.onnx")).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("whole/README.md")))
                .contains("pipeline_tag: text-generation")
                .contains("A causal language model");
        Cli evaluated =
                Cli.run("evaluate", folder.resolve("whole"), "--data=" + folder.resolve("validation.txt"), "--json");
        assertThat(evaluated.err()).isEmpty();
        double perplexity =
                new ObjectMapper().readTree(evaluated.out()).path("perplexity").asDouble();
        double best = evaluations.stream()
                .mapToDouble(line -> line.path("eval_perplexity").asDouble())
                .min()
                .orElseThrow();
        assertThat(perplexity).isCloseTo(best, within(1e-3));
        Cli printed = Cli.run("evaluate", folder.resolve("whole"), "--data=" + folder.resolve("validation.txt"));
        assertThat(printed.out()).contains("perplexity 1.");
    }

    @Test
    void objectivesAreForFamiliesThatHaveThem() throws IOException {
        assertFails(1, "--objective clm is for models whose tokens see only those before them", "--objective=clm");
        List<String> masked = commandOfNextTokens("failed");
        masked.remove("--objective=clm");
        Cli failed = Cli.run(masked.toArray());
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains("--objective mlm is not gpt2's").contains("it learns by clm");
    }

    @Test
    void whatCannotBeIsSaidInALine() throws IOException {
        assertFails(1, "is more than the 128 positions of", "--max-length=200");
        assertFails(
                1,
                ": has too little text for a block of 100 tokens; --line-by-line or a smaller --max-length take less",
                "--max-length=100",
                "--train=" + Files.writeString(folder.resolve("little.txt"), "the cat\n"));
        assertFails(2, "--mlm-probability must be above 0 and at most 1, not 0.0", "--mlm-probability=0");
        assertFails(2, "--objective must be mlm, mlm+nsp or clm, not xlm", "--objective=xlm");
        assertFails(2, "--tokenizer is for --config; a pretrained model has its own", "--tokenizer=x");
        assertFails(2, "a run begins with --pretrained, or from scratch with --config and --tokenizer", "--config=x");
        assertThat(folder.resolve("failed")).doesNotExist();
        assertThat(folder.resolve(".failed.training")).doesNotExist();
    }

    private void assertFails(int exit, String message, String... options) {
        Cli failed = pretrain("failed", options);
        assertThat(failed.exit()).as(failed.err()).isEqualTo(exit);
        assertThat(failed.err()).contains(message);
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    private List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private List<JsonNode> evaluations(String name) throws IOException {
        return lines(name).stream().filter(line -> line.has("eval_loss")).toList();
    }
}

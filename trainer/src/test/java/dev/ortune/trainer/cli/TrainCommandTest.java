package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of the real thing, on a BERT of two thin layers. */
class TrainCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path model;
    private static Path train;
    private static Path test;
    private static Path trained;
    private static Cli cli;

    @BeforeAll
    static void trainOnce() throws IOException {
        model = TinyModel.write(folder.resolve("tiny"));
        train = TinyModel.sentences(folder.resolve("train.tsv"), 120);
        test = TinyModel.sentences(folder.resolve("test.tsv"), 50);
        trained = folder.resolve("models/x");
        cli = train(trained);
    }

    @Test
    void saysWhatItDoesAndHowItWent() {
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
        assertThat(cli.out())
                .contains("108 sentences", "12 sentences", "50 sentences")
                .contains("Labels      LABEL_0, LABEL_1")
                .contains("Initialised bert.pooler.dense.weight, bert.pooler.dense.bias, classifier.weight")
                .contains("1 thread of")
                .contains("Steps       70 in 5 epochs")
                .contains("epoch 1/5  step 1/70")
                .contains("MCC       1.0000 over the whole set")
                .contains("on average over batches of 32")
                .contains("model     " + trained);
    }

    @Test
    void writesAllFilesOfAModel() throws IOException {
        for (String file : List.of(
                "config.json",
                "model.safetensors",
                "tokenizer.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "vocab.txt",
                "graph.onnx",
                "metrics.jsonl",
                "predictions_validation.tsv",
                "predictions_test.tsv",
                "token_lengths.json",
                "training_args.json",
                "training/checkpoint",
                "training/training_model.onnx",
                "training/eval_model.onnx",
                "training/optimizer_model.onnx",
                "training/trainer_state.json")) {
            assertThat(trained.resolve(file)).isNotEmptyFile();
        }
        try (var files = Files.list(trained)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith(".")))
                    .isEmpty();
        }
        try (var files = Files.list(trained.getParent())) {
            assertThat(files).containsExactly(trained);
        }
    }

    @Test
    void theConfigurationIsHuggingFaces() {
        JsonNode config = JsonFile.readObject(trained.resolve("config.json"));
        assertThat(config.get("architectures").get(0).asText()).isEqualTo("BertForSequenceClassification");
        assertThat(config.get("model_type").asText()).isEqualTo("bert");
        assertThat(config.get("problem_type").asText()).isEqualTo("single_label_classification");
        assertThat(config.get("id2label").get("1").asText()).isEqualTo("LABEL_1");
        assertThat(config.get("label2id").get("LABEL_1").asInt()).isEqualTo(1);
        assertThat(config.get("torch_dtype").asText()).isEqualTo("float32");
        assertThat(config.get("hidden_size").asInt()).isEqualTo(32);
    }

    @Test
    void theArgumentsAreEnoughToRepeatTheRun() {
        JsonNode arguments = JsonFile.readObject(trained.resolve("training_args.json"));
        assertThat(arguments.get("learning_rate").asDouble()).isEqualTo(3e-3);
        assertThat(arguments.get("seed").asLong()).isEqualTo(42);
        assertThat(arguments.get("optim").asText()).isEqualTo("adamw");
        assertThat(arguments.get("lr_scheduler_type").asText()).isEqualTo("linear");
        JsonNode data = arguments.get("data");
        assertThat(data.get("train").get("file").asText()).isEqualTo(train.toString());
        assertThat(data.get("train").get("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(data.get("train").get("examples").asInt()).isEqualTo(108);
        assertThat(data.get("test").get("examples").asInt()).isEqualTo(50);
        assertThat(data.get("split_seed").asLong()).isEqualTo(2018);
        assertThat(arguments.get("versions").get("onnxruntime").asText()).startsWith("1.");
        assertThat(arguments.get("hardware").get("threads").asInt()).isEqualTo(1);
    }

    @Test
    void theLossFallsAndTheMetricsAreKept() throws IOException {
        List<JsonNode> lines = metrics(trained);
        List<JsonNode> steps = lines.stream().filter(line -> line.has("loss")).toList();
        List<JsonNode> evaluations =
                lines.stream().filter(line -> line.has("eval_mcc")).toList();
        assertThat(steps).hasSize(70);
        assertThat(evaluations).hasSize(5);
        assertThat(steps.get(0).get("learning_rate").asDouble()).as("warm-up").isZero();
        assertThat(steps.get(7).get("learning_rate").asDouble()).isEqualTo(3e-3);
        double first = steps.get(0).get("loss").asDouble();
        double last = steps.get(69).get("loss").asDouble();
        assertThat(first).isCloseTo(Math.log(2), within(0.2));
        assertThat(last).isLessThan(0.3 * first);
        assertThat(evaluations.get(4).get("eval_loss").asDouble())
                .isLessThan(evaluations.get(0).get("eval_loss").asDouble());
        assertThat(lines.get(lines.size() - 1).get("test_mcc").asDouble()).isEqualTo(1);
    }

    @Test
    void theSameSeedGivesTheSameBits() throws IOException {
        Path again = folder.resolve("again/x");
        train(again);
        assertThat(again.resolve("model.safetensors")).hasSameBinaryContentAs(trained.resolve("model.safetensors"));
        List<String> lines = Files.readAllLines(trained.resolve("metrics.jsonl"));
        List<String> repeated = Files.readAllLines(again.resolve("metrics.jsonl"));
        assertThat(repeated.subList(0, repeated.size() - 1)).isEqualTo(lines.subList(0, lines.size() - 1));
    }

    @Test
    void anotherSeedGivesOtherLosses() throws IOException {
        Path other = folder.resolve("other/x");
        train(other, "--seed=43", "--epochs=1");
        assertThat(metrics(other).get(0).get("loss"))
                .isNotEqualTo(metrics(trained).get(0).get("loss"));
    }

    @Test
    void evaluateReadsTheFilesThatTrainWrote() throws IOException {
        JsonNode last = metrics(trained).get(metrics(trained).size() - 1);
        JsonNode json =
                JSON.readTree(run("evaluate", trained, "--data", test, "--json").out());
        for (String key : List.of("accuracy", "f1", "mcc", "loss", "count")) {
            assertThat(json.get(key)).as(key).isEqualTo(last.get("test_" + key));
        }
        assertThat(json.get("mcc_batches")).hasSize(2);
        assertThat(json.get("labels").get(1).asText()).isEqualTo("LABEL_1");
    }

    @Test
    void theTrainingSessionAndTheInferenceGraphAgree() throws IOException {
        Path validation = folder.resolve("validation/x");
        train(validation, "--validation=" + test, "--epochs=1");
        List<JsonNode> lines = metrics(validation);
        JsonNode evaluation =
                lines.stream().filter(line -> line.has("eval_loss")).findFirst().orElseThrow();
        assertThat(lines.get(lines.size() - 1).get("test_loss").asDouble())
                .isCloseTo(evaluation.get("eval_loss").asDouble(), within(1e-5));
    }

    @Test
    void evaluatePrintsATableAndWritesPredictions() throws IOException {
        Path file = folder.resolve("predictions.tsv");
        Cli evaluated = run("evaluate", trained, "--data", test, "--predictions", file);
        assertThat(evaluated.out())
                .contains("accuracy   1.0000", "MCC        1.0000", "MCC of each batch of 32", "Confusion matrix");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(51);
        assertThat(lines.get(0))
                .isEqualTo("sentence\tlogit_LABEL_0\tlogit_LABEL_1\tprobability_LABEL_0\tprobability_LABEL_1"
                        + "\tprediction\tlabel\ttokens");
        String[] cells = lines.get(1).split("\t", -1);
        assertThat(Double.parseDouble(cells[3]) + Double.parseDouble(cells[4])).isCloseTo(1, within(1e-5));
        assertThat(cells[5]).isEqualTo(cells[6]);
    }

    @Test
    void evaluateRefusesWhatDoesNotFit() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.tsv"), "sentence\tlabel\nthe cat runs .\tmaybe\n");
        Cli label = Cli.run("evaluate", trained, "--data", bad);
        assertThat(label.exit()).isEqualTo(1);
        assertThat(label.err()).contains(bad.toString(), "\"maybe\" is not one of LABEL_0, LABEL_1");
        assertThat(Cli.run("evaluate", model, "--data", test).err()).contains("has no classification head");
        assertThat(Cli.run("evaluate", folder.resolve("none"), "--data", test).err())
                .contains("there is no such model folder");
        assertThat(Cli.run("evaluate", trained, "--data", test, "--batch-size=0")
                        .exit())
                .isEqualTo(2);
        assertThat(Cli.run("evaluate", trained, "--data", test, "--max-length=500")
                        .err())
                .contains("128 positions");
    }

    @Test
    void evaluateNamesABrokenGraph() throws IOException {
        Path broken = folder.resolve("broken");
        Files.createDirectories(broken);
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(trained.resolve(file), broken.resolve(file));
        }
        assertThat(Cli.run("evaluate", broken, "--data", test).err()).contains("graph.onnx: no such file");
        Files.write(broken.resolve("graph.onnx"), new byte[] {1, 2, 3});
        Cli garbage = Cli.run("evaluate", broken, "--data", test);
        assertThat(garbage.exit()).isEqualTo(1);
        assertThat(garbage.err()).contains("graph.onnx: is no ONNX model (").hasLineCount(1);
    }

    @Test
    void inspectShowsTheModel() throws IOException {
        assertThat(run("inspect", trained, "--data", test).out())
                .contains("\"hidden_size\" : 32", "labels: LABEL_0, LABEL_1", "(0-1): 2 x BertLayer(")
                .contains("weight decay", "no weight decay", "[CLS] the", "ids     2 5", "Device", "CPU ");
        assertThat(run("inspect", model).out())
                .contains("not there, so that training begins with new ones: bert.pooler.dense.weight,");
    }

    @Test
    void jsonLinesTellTheWholeRun() throws IOException {
        Cli json = train(folder.resolve("json/x"), "--json", "--epochs=1");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : json.out().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        assertThat(lines.get(0).get("train_samples").asInt()).isEqualTo(108);
        assertThat(lines).hasSize(1 + 14 + 1 + 1);
        assertThat(lines.get(16).get("out").asText())
                .isEqualTo(folder.resolve("json/x").toString());
    }

    @Test
    void overwriteReplacesOnlyOnSuccess() throws IOException {
        Path out = folder.resolve("overwrite/x");
        train(out, "--epochs=1");
        byte[] before = Files.readAllBytes(out.resolve("model.safetensors"));
        Cli refused = Cli.run(arguments(out, "--epochs=1"));
        assertThat(refused.exit()).isEqualTo(1);
        Cli failed = Cli.run(arguments(out, "--overwrite", "--test=nothing.tsv"));
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(out.resolve("model.safetensors")).hasBinaryContent(before);
        train(out, "--overwrite", "--epochs=1", "--seed=5");
        assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isNotEqualTo(before);
    }

    @Test
    void everyOtherWayOfTrainingWorksToo() throws IOException {
        Path out = folder.resolve("ways/x");
        Cli ways = train(
                out,
                "--gradient-accumulation-steps=4",
                "--optimizer=bert-adam",
                "--schedule=cosine",
                "--label-smoothing=0.1",
                "--class-weights=balanced",
                "--group-by-length",
                "--pad-to-max",
                "--max-length=12",
                "--eval-steps=2",
                "--metric=loss",
                "--limit=40");
        assertThat(ways.out()).contains("36 sentences", "4 sentences", "40 sentences", "Steps       10 in 5 epochs");
        List<JsonNode> evaluations =
                metrics(out).stream().filter(line -> line.has("eval_mcc")).toList();
        assertThat(evaluations.stream().map(line -> line.get("step").asInt())).containsExactly(2, 4, 6, 8, 10);
        JsonNode tokenizer = JsonFile.readObject(out.resolve("tokenizer_config.json"));
        assertThat(tokenizer.get("model_max_length").asInt()).isEqualTo(12);
    }

    @Test
    void numberedLabelsCanBeNamed() throws IOException {
        Path out = folder.resolve("named/x");
        train(out, "--epochs=1", "--label-names=bad, good");
        JsonNode config = JsonFile.readObject(out.resolve("config.json"));
        assertThat(config.get("id2label").toString()).isEqualTo("{\"0\":\"bad\",\"1\":\"good\"}");
        assertThat(JsonFile.readObject(out.resolve("training_args.json"))
                        .at("/data/label_names/1")
                        .asText())
                .isEqualTo("good");
        assertThat(Cli.run("evaluate", out, "--data", test).out()).contains("bad", "good");
        Cli tooMany = Cli.run(arguments(folder.resolve("named/y"), "--label-names=bad,good,best"));
        assertThat(tooMany.exit()).isEqualTo(1);
        assertThat(tooMany.err()).contains("2 different labels, but --label-names names 3: bad, good, best");
    }

    /** With a warm-up's rate of 0 the model would be the one that it began as. */
    @Test
    void aRunOfOneStepTrains() throws IOException {
        Path out = folder.resolve("one/x");
        Cli one = train(out, "--epochs=1", "--batch-size=120", "--validation-split=0", "--json");
        assertThat(one.exit()).isZero();
        assertThat(metrics(out).get(0).get("learning_rate").asDouble()).isPositive();
    }

    /** 120 sentences are three batches of 32 and one of 24: the last step's batches do not count alike. */
    @Test
    void theLastBatchOfAStepMayBeSmaller() throws IOException {
        Path out = folder.resolve("parts/x");
        Cli parts = train(
                out,
                "--epochs=1",
                "--batch-size=32",
                "--gradient-accumulation-steps=2",
                "--validation-split=0",
                "--json");
        assertThat(parts.exit()).isZero();
        assertThat(metrics(out).stream().filter(line -> line.has("loss"))).hasSize(2);
    }

    /** A test set that numbers what the training set names: nothing tells whether in the same order, so it is said. */
    @Test
    void whatIsAssumedOfLabelsIsSaid() throws IOException {
        Path sentences = TinyModel.sentences(folder.resolve("numbered.tsv"), 120);
        String[] words = {"yes", "no"};
        StringBuilder named = new StringBuilder("sentence\tlabel\n");
        Files.readAllLines(sentences).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .forEach(cells -> named.append(cells[0])
                        .append('\t')
                        .append(words[Integer.parseInt(cells[1])])
                        .append('\n'));
        Path yesAndNo = Files.writeString(folder.resolve("named.tsv"), named);
        Path out = folder.resolve("assumed/x");
        String said = sentences + " numbers its labels: 0 is taken for no, 1 is taken for yes";
        Object[] arguments = Arrays.stream(arguments(out, "--epochs=1", "--test=" + sentences))
                .map(argument -> argument.equals(train) ? yesAndNo : argument)
                .toArray();
        assertThat(run(arguments).out()).contains("Note        " + said);
        assertThat(Cli.run("evaluate", out, "--data", sentences).out()).contains(said);
        assertThat(Cli.run("evaluate", out, "--data", sentences, "--json").out())
                .contains(said);
        assertThat(Cli.run("evaluate", out, "--data", yesAndNo).out()).doesNotContain("numbers its labels");
        Path texts = Files.writeString(folder.resolve("texts.tsv"), "sentence\nthe cat sleeps .\n");
        Cli without = Cli.run("evaluate", out, "--data", texts);
        assertThat(without.exit()).isEqualTo(1);
        assertThat(without.err())
                .isEqualTo("ortune: " + texts + ": cannot tell the label column; the columns are sentence; name it with"
                        + " --label-column; texts without labels are for \"ortune predict\"\n");
    }

    @Test
    void earlyStoppingStopsAndTheBestIsKept() throws IOException {
        Path out = folder.resolve("early/x");
        Cli early = train(out, "--early-stopping=2", "--epochs=50", "--metric=accuracy");
        assertThat(early.out()).contains("stopped early");
        List<JsonNode> evaluations =
                metrics(out).stream().filter(line -> line.has("eval_mcc")).toList();
        assertThat(evaluations.size()).isLessThan(50);
        int last = evaluations.size() - 1;
        double highest = evaluations.get(last - 2).get("eval_accuracy").asDouble();
        assertThat(evaluations.get(last - 2).get("best").asBoolean()).isTrue();
        double least = evaluations.get(last - 2).get("eval_loss").asDouble();
        for (JsonNode later : evaluations.subList(last - 1, last + 1)) {
            // Less loss makes a checkpoint better at the same accuracy, but is no reason to go on.
            double accuracy = later.get("eval_accuracy").asDouble();
            double loss = later.get("eval_loss").asDouble();
            assertThat(accuracy).isLessThanOrEqualTo(highest);
            assertThat(later.get("best").asBoolean()).isEqualTo(accuracy == highest && loss < least);
            least = later.get("best").asBoolean() ? loss : least;
        }
    }

    @Test
    void withoutValidationTheLastWeightsAreKept() throws IOException {
        Path out = folder.resolve("all/x");
        Cli all = train(out, "--validation-split=0", "--epochs=1");
        assertThat(all.out()).contains("120 sentences", "train loss");
        assertThat(metrics(out)).noneMatch(line -> line.has("eval_loss"));
        assertThat(out.resolve("model.safetensors")).exists();
    }

    @Test
    void aTrainedModelCanBeTrainedOn() throws IOException {
        Path out = folder.resolve("further/x");
        Cli further = Cli.run(
                "train",
                "--pretrained",
                trained,
                "--train",
                train,
                "--out",
                out,
                "--epochs=1",
                "--lr=1e-5",
                "--threads=1");
        assertThat(further.err()).isEmpty();
        assertThat(further.out()).doesNotContain("Initialised");
        assertThat(metrics(out).get(0).get("loss").asDouble()).isLessThan(0.4);
    }

    @Test
    void artifactsAreWrittenAlone() throws IOException {
        Path out = folder.resolve("artifacts");
        Cli written = run("artifacts", "--pretrained", model, "--out", out, "--labels=3", "--class-weights=1,2,3");
        assertThat(written.out())
                .contains("checkpoint", "training_model.onnx", "eval_model.onnx", "optimizer_model.onnx");
        assertThat(out.toFile().list()).hasSize(4);
        Cli again = Cli.run("artifacts", "--pretrained", model, "--out", out);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("exists already; --overwrite replaces it");
        assertThat(run("artifacts", "--pretrained", model, "--out", out, "--overwrite", "--target=cuda")
                        .exit())
                .isZero();
        assertThat(Cli.run("artifacts", "--pretrained", model, "--out", out, "--labels=1")
                        .exit())
                .isEqualTo(2);
        assertThat(Cli.run("artifacts", "--pretrained", model, "--out", out, "--class-weights=balanced")
                        .err())
                .contains("needs a data set");
    }

    private static Cli train(Path out, String... options) {
        return run(arguments(out, options));
    }

    private static Cli run(Object... arguments) {
        Cli result = Cli.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        return result;
    }

    private static Object[] arguments(Path out, String... options) {
        List<Object> all = new ArrayList<>(List.of("train", "--pretrained", model, "--train", train, "--out", out));
        Map<String, String> defaults = Map.of(
                "--test", test.toString(), "--epochs", "5", "--batch-size", "8", "--lr", "3e-3", "--threads", "1");
        defaults.forEach((name, value) -> {
            if (List.of(options).stream().noneMatch(option -> option.startsWith(name + "="))) {
                all.add(name + "=" + value);
            }
        });
        all.addAll(List.of(options));
        return all.toArray();
    }

    private static List<JsonNode> metrics(Path trained) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(trained.resolve("metrics.jsonl"))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}

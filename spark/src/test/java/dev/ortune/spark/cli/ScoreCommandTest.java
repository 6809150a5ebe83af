package dev.ortune.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.spark.SparkHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ortune score} in Spark's local mode, also one that is killed. */
@Timeout(300)
class ScoreCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EXACT = 1e-5;

    @TempDir
    private static Path folder;

    private static Path tiny;

    private record Ended(int exit, String out, String err) {}

    @BeforeAll
    static void write() throws IOException {
        tiny = TinyClassifier.write(folder.resolve("tiny"));
    }

    private static Ended run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Ortune.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = command.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Ended(exit, out.toString(), err.toString());
    }

    private static Ended score(Path model, Object input, Path output, Object... others) {
        List<Object> arguments =
                new ArrayList<>(List.of("score", model, "--input", input, "--output", output, "--master", "local[2]"));
        arguments.addAll(List.of(others));
        return run(arguments.toArray());
    }

    /** The lines of all files that were written. */
    private static List<String> lines(Path output) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static String text(int[] words) {
        return Arrays.stream(words).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }

    private static List<int[]> texts(int count) {
        Random random = new Random(count);
        return Stream.generate(() -> random.ints(1 + random.nextInt(TinyClassifier.MAX_LENGTH), 0, 40)
                        .toArray())
                .limit(count)
                .toList();
    }

    private static void assertScores(JsonNode row, int[] words) {
        double[] expected = TinyClassifier.probabilities(words);
        for (int label = 0; label < expected.length; label++) {
            assertThat(row.path("probability").path(label).asDouble()).isCloseTo(expected[label], within(EXACT));
        }
        assertThat(row.path("predictedLabel").textValue())
                .isEqualTo(TinyClassifier.LABELS.get(row.path("prediction").asInt()));
    }

    @Test
    void textsGoInAndJsonComesOutInTheirOrder() throws IOException {
        List<int[]> texts = texts(1000);
        Path input = Files.write(
                folder.resolve("texts.txt"),
                texts.stream().map(ScoreCommandTest::text).toList());
        Path output = folder.resolve("from-text");
        Ended ended = score(tiny, input, output, "--partition-bytes", "4000");
        assertThat(ended.err).isEmpty();
        assertThat(ended.out).startsWith("1,000 rows in ").contains("written: " + output);
        List<String> lines = lines(output);
        assertThat(lines).hasSameSizeAs(texts);
        TreeMap<String, JsonNode> byText = new TreeMap<>();
        for (String line : lines) {
            JsonNode row = JSON.readTree(line);
            byText.put(row.path("text").textValue(), row);
        }
        for (int[] words : texts) {
            assertScores(byText.get(text(words)), words);
        }
        assertThat(score(tiny, input, output).err).contains("is there already; --resume goes on");
        assertThat(score(tiny, input, output, "--resume", "--partition-bytes", "4000").err)
                .isEqualTo(output + " is complete" + System.lineSeparator());
        assertThat(score(tiny, input, output, "--resume").err).contains("begun with another partition-bytes");
    }

    @Test
    void aTableOfTheCatalogueIsReadByItsName() throws IOException {
        Path warehouse = folder.resolve("warehouse");
        Map<String, String> settings = Map.of("spark.sql.warehouse.dir", warehouse.toString());
        Path output = folder.resolve("from-table");
        // Each command ends the session that it finds.
        try (SparkSession spark = Cluster.session("test", "local[2]", settings).getOrCreate()) {
            spark.sql("select id, concat('w', id, ' w2') as text from range(10)")
                    .write()
                    .saveAsTable("texts");
            Ended ended = score(tiny, "table:texts", output, "--output-format", "json");
            assertThat(ended.exit).as(ended.err).isZero();
        }
        List<String> lines = lines(output);
        assertThat(lines).hasSize(10);
        for (String line : lines) {
            JsonNode row = JSON.readTree(line);
            assertScores(row, new int[] {row.path("id").asInt(), 2});
        }
        try (SparkSession spark = Cluster.session("test", "local[2]", settings).getOrCreate()) {
            spark.range(10).createOrReplaceTempView("computed");
            Ended refused = score(tiny, "table:computed", folder.resolve("none"), "--resume");
            assertThat(refused.exit).isEqualTo(1);
            assertThat(refused.err).contains("table:computed: does not lie in files");
        }
    }

    @Test
    void aTableThatLiesInFilesIsGoneOnWith() throws IOException {
        Path files = folder.resolve("table-files");
        try (SparkSession spark = Cluster.session("test", "local[2]", Map.of()).getOrCreate()) {
            spark.sql("select concat('w', id, ' w2') as text from range(10)")
                    .write()
                    .parquet(files.toString());
        }
        Path output = folder.resolve("from-table-files");
        String table = "table:parquet.`" + files + "`";
        Ended ended = score(tiny, table, output);
        assertThat(ended.exit).as(ended.err).isZero();
        try (Stream<Path> written = Files.list(output)) {
            assertThat(written.map(Path::toString)).anyMatch(file -> file.endsWith(".parquet"));
        }
        assertThat(score(tiny, table, output, "--resume").err).contains(output + " is complete");
        assertThat(score(tiny, "table:nowhere", folder.resolve("none")).err)
                .startsWith("ortune: table:nowhere: ")
                .contains("TABLE_OR_VIEW_NOT_FOUND");
        assertThat(score(tiny, table, folder.resolve("none"), "--input-format", "csv").err)
                .contains("a table has its own format");
        assertThat(score(tiny, table, folder.resolve("none"), "--input", "texts.txt").err)
                .contains("a table is read alone");
    }

    @Test
    void csvKeepsItsColumnsAndNullsHaveNoAnswer() throws IOException {
        Path input =
                Files.writeString(folder.resolve("table.csv"), "id,sentence\n1,w9 w30\n2,\n3,\"w1 \"\"x\"\", w2\"\n");
        Path output = folder.resolve("as-csv");
        Ended ended = score(tiny, input, output, "--text-column", "sentence");
        assertThat(ended.exit).as(ended.err).isZero();
        assertThat(ended.out).contains("; without an answer: 1");
        List<String> lines = lines(output);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("id,sentence,prediction,predictedLabel,probability");
        assertThat(lines.get(1)).startsWith("1,w9 w30,2.0,yes,\"[0.");
        assertThat(lines.get(2)).isEqualTo("2,,,,");
        assertThat(lines.get(3)).startsWith("3,\"w1 \"\"x\"\", w2\",");
        Path parquet = folder.resolve("as-parquet");
        assertThat(score(tiny, input, parquet, "--text-column", "sentence", "--output-format", "parquet").exit)
                .isZero();
        Path again = folder.resolve("as-json");
        Ended back = score(
                tiny,
                parquet,
                again,
                "--text-column",
                "predictedLabel",
                "--output-format",
                "json",
                "--input-format",
                "parquet");
        assertThat(back.exit).isEqualTo(1);
        assertThat(back.err).contains("there is a column prediction already");
    }

    @Test
    void aKilledRunGoesOnWhereItWas() throws Exception {
        Path slow = TinyClassifier.writeSlow(folder.resolve("slow"));
        List<int[]> texts = texts(400);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(JSON.createObjectNode()
                    .put("id", i)
                    .put("text", text(texts.get(i)))
                    .toString());
        }
        Path input = Files.write(folder.resolve("rows.jsonl"), rows);
        Path output = folder.resolve("killed");
        Object[] options = {"--partition-bytes", "2000", "--max-batch-tokens", "64"};
        Process process = process(slow, input, output);
        while (written(output) < 3) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        List<Object> resuming = new ArrayList<>(List.of(options));
        resuming.add("--resume");
        Ended ended = score(slow, input, output, resuming.toArray());
        assertThat(ended.exit).as(ended.err).isZero();
        assertThat(ended.out).containsPattern("; ([3-9]|\\d\\d) of \\d+ partitions were there");
        List<String> lines = lines(output);
        assertThat(lines).hasSameSizeAs(texts);
        List<Integer> ids = new ArrayList<>();
        for (String line : lines) {
            JsonNode row = JSON.readTree(line);
            ids.add(row.path("id").asInt());
            assertScores(row, texts.get(row.path("id").asInt()));
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(output.resolve("_SUCCESS")).exists();
    }

    private static Process process(Path model, Path input, Path output) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        SparkHome.SOON_COMPILED,
                        "@src/main/launch/java.options",
                        "-Dlog4j2.configurationFile=src/main/launch/log4j2.properties",
                        "-cp",
                        classPath,
                        Ortune.class.getName(),
                        "score",
                        model.toString(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString(),
                        "--master",
                        "local[1]",
                        "--partition-bytes",
                        "2000",
                        "--max-batch-tokens",
                        "64")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static long written(Path output) throws IOException {
        if (!Files.isDirectory(output)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }

    @Test
    void whatCannotBeIsSaid() {
        Path output = folder.resolve("nothing");
        assertThat(run("score", tiny).exit).isEqualTo(2);
        Ended none = score(tiny, folder.resolve("none.csv"), output);
        assertThat(none.exit).isEqualTo(1);
        assertThat(none.err).contains("none.csv: there is no such file").doesNotContain("\tat ");
        assertThat(score(folder.resolve("no-model"), folder.resolve("none.csv"), output).err)
                .contains("no-model: there is no such model folder");
        Ended both = score(tiny, folder.resolve("none.csv"), output, "--resume", "--overwrite");
        assertThat(both.exit).isEqualTo(2);
        assertThat(both.err).contains("exclude each other");
        assertThat(output).doesNotExist();
    }
}

package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GLUE's zips and MRPC's two files from a server here. */
class GlueDataTest {
    private static final String TRAIN = "index\tsentence1\tsentence2\tlabel\n0\ta\tb\tentailment\n";
    private static final String DEV = "index\tsentence1\tsentence2\tlabel\n0\tc\td\tnot_entailment\n";
    private static final String CORPUS = String.join(
            "\r\n",
            "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String",
            "1\t7\t8\tHe said \"so.\tSo he.",
            "0\t9\t1\tx\ty",
            "1\t8\t7\tv\tw",
            "");
    private static final String IDS = "9\t1\n";

    @TempDir
    Path models;

    private final Map<String, byte[]> served = new LinkedHashMap<>();
    private RawServer server;
    private byte[] zip;

    @BeforeEach
    void start() throws IOException {
        zip = zip(Map.of("RTE/train.tsv", TRAIN, "RTE/dev.tsv", DEV, "RTE/test.tsv", "x", "../evil.tsv", "x"));
        served.put("/g/RTE.zip", zip);
        served.put("/g/corpus.txt", CORPUS.getBytes(StandardCharsets.UTF_8));
        served.put("/g/ids.tsv", IDS.getBytes(StandardCharsets.UTF_8));
        server = new RawServer(request -> served.containsKey(request.path())
                ? new ServedFile(served.get(request.path()), "\"x\"", 1000).answer(request)
                : RawServer.Response.empty(404, Map.of("Content-Length", "0")));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void theFilesOfTheZipAreBroughtOnce() throws IOException {
        assertThat(pull(rte(zip), false).line()).startsWith("rte is in " + folder("rte"));
        assertThat(folder("rte").resolve("train.tsv")).hasContent(TRAIN);
        assertThat(folder("rte").resolve("dev.tsv")).hasContent(DEV);
        assertThat(folder("rte"))
                .isDirectoryNotContaining(path -> path.toString().endsWith("test.tsv"));
        assertThat(models.resolve("data/evil.tsv")).doesNotExist();
        assertThat(pull(rte(zip), false).line()).startsWith("rte is already in " + folder("rte"));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whatAPersonPutThereIsKeptUnlessForced() throws IOException {
        Files.createDirectories(folder("rte"));
        Files.writeString(folder("rte").resolve("dev.tsv"), "mine");
        pull(rte(zip), false);
        assertThat(folder("rte").resolve("dev.tsv")).hasContent("mine");
        pull(rte(zip), true);
        assertThat(folder("rte").resolve("dev.tsv")).hasContent(DEV);
    }

    @Test
    void anotherZipIsRefused() throws IOException {
        GlueData other = new GlueData("rte", "RTE.zip", zip.length, "0".repeat(64), rte(zip).files());
        assertThatThrownBy(() -> pull(other, false)).hasMessageContaining("but it should be " + "0".repeat(64));
        assertThat(folder("rte")).doesNotExist();
        byte[] wrong = zip(Map.of("RTE/train.tsv", TRAIN));
        served.put("/g/RTE.zip", wrong);
        assertThatThrownBy(() -> pull(rte(wrong), false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("RTE.zip holds no RTE/dev.tsv");
        byte[] none = "no zip at all".getBytes(StandardCharsets.UTF_8);
        served.put("/g/RTE.zip", none);
        assertThatThrownBy(() -> pull(rte(none), false)).hasMessageContaining("RTE.zip is not a readable zip");
        assertThat(folder("rte")).doesNotExist();
    }

    @Test
    void withoutANetworkTheManualWayIsSaidInOneLine() throws IOException {
        server.close();
        assertThatThrownBy(() -> pull(rte(zip), false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("rte: 127.0.0.1 cannot be reached; check the network; or download "
                        + server.uri("127.0.0.1")
                        + "/g/RTE.zip on another machine and put train.tsv, dev.tsv of it into "
                        + folder("rte"));
        assertThatThrownBy(() -> mrpc(false))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith("mrpc: 127.0.0.1 cannot be reached; check the network; or set ORTUNE_MRPC_URL");
    }

    @Test
    void mrpcIsDividedByItsListOfIds() throws IOException {
        assertThat(mrpc(false).line()).startsWith("mrpc is in " + folder("mrpc"));
        assertThat(folder("mrpc").resolve("train.tsv"))
                .hasContent(
                        "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t7\t8\tHe said \"so.\tSo he.\n1\t8\t7\tv\tw\n");
        assertThat(folder("mrpc").resolve("dev.tsv"))
                .hasContent("Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t9\t1\tx\ty\n");
        assertThat(mrpc(false).line()).startsWith("mrpc is already in ");
        served.put("/g/ids.tsv", "1\t1\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> mrpc(true)).hasMessageContaining("but it should be");
    }

    @Test
    void allOfGlueHasANameToPull() {
        assertThat(GlueData.ALL)
                .extracting(GlueData::name)
                .containsExactly("sst2", "stsb", "qqp", "mnli", "qnli", "rte", "wnli");
        assertThat(GlueData.ALL).allSatisfy(set -> assertThat(set.sha256()).matches("[0-9a-f]{64}"));
        assertThat(Source.named("mrpc")).isInstanceOf(Mrpc.class);
        assertThat(Source.named("stsb").folder(models)).isEqualTo(models.resolve("data/stsb"));
        assertThatThrownBy(() -> Source.named("snli")).hasMessageContaining(", cola, mrpc, sst2");
    }

    private static GlueData rte(byte[] zip) {
        return new GlueData(
                "rte",
                "RTE.zip",
                Math.max(1, zip.length),
                DownloadTest.sha256(zip),
                Map.copyOf(GlueData.named("rte").orElseThrow().files()));
    }

    private Pulled pull(GlueData set, boolean force) throws IOException {
        GlueData ordered = new GlueData(
                set.name(),
                set.zip(),
                set.bytes(),
                set.sha256(),
                GlueData.named("rte").orElseThrow().files());
        return ordered.pull(request(force, "ORTUNE_GLUE_URL"), DownloadTest.retries(2));
    }

    private Pulled mrpc(boolean force) throws IOException {
        Mrpc mrpc = new Mrpc(part("corpus.txt", CORPUS), part("ids.tsv", IDS));
        return mrpc.pull(request(force, "ORTUNE_MRPC_URL"), DownloadTest.retries(2));
    }

    private static Mrpc.Part part(String file, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new Mrpc.Part("http://nowhere.invalid", file, bytes.length, DownloadTest.sha256(bytes));
    }

    private PullRequest request(boolean force, String variable) {
        Map<String, String> environment = Map.of(variable, server.uri("127.0.0.1") + "/g/");
        return new PullRequest(models, models, force, environment, Progress.SILENT);
    }

    private Path folder(String name) {
        return models.resolve("data").resolve(name);
    }

    private static byte[] zip(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}

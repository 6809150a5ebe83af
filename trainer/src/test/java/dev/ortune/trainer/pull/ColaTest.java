package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColaTest {
    private static final byte[] TRAIN = "x\t1\t\tA row.\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DEV = "y\t0\t*\tRow a.\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path models;

    private final Cola cola =
            new Cola(Map.of("train.tsv", DownloadTest.sha256(TRAIN), "dev.tsv", DownloadTest.sha256(DEV)));
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer(request ->
                new ServedFile(request.path().equals("/c/train.tsv") ? TRAIN : DEV, "\"x\"", 100).answer(request));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void bothFilesAreBroughtOnce() throws IOException {
        assertThat(pull(false).line()).startsWith("cola is in " + folder());
        assertThat(folder().resolve("train.tsv")).hasBinaryContent(TRAIN);
        assertThat(folder().resolve("dev.tsv")).hasBinaryContent(DEV);
        assertThat(pull(false).line()).startsWith("cola is already in " + folder());
        assertThat(server.requests()).hasSize(2);
        assertThat(models.resolve("data"))
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("."));
    }

    @Test
    void aFileThatAPersonPutThereIsKept() throws IOException {
        Files.createDirectories(folder());
        Files.write(folder().resolve("dev.tsv"), DEV);
        pull(false);
        assertThat(server.requests()).hasSize(1);
        assertThat(folder().resolve("train.tsv")).exists();
    }

    @Test
    void anotherFileUnderTheNameIsReplacedOnlyWhenForced() throws IOException {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("dev.tsv"), "mine");
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("dev.tsv is not the published file")
                .hasMessageEndingWith("--force replaces it");
        assertThat(folder().resolve("dev.tsv")).hasContent("mine");
        pull(true);
        assertThat(folder().resolve("dev.tsv")).hasBinaryContent(DEV);
    }

    @Test
    void aFileOfOtherContentIsRefused() {
        server.handler(request -> new ServedFile(DEV, "\"x\"", 100).answer(request));
        assertThatThrownBy(() -> pull(false)).hasMessageContaining("but it should be");
        assertThat(folder()).doesNotExist();
    }

    @Test
    void withoutANetworkTheManualWayIsSaidInOneLine() throws IOException {
        server.close();
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(
                        "cola: 127.0.0.1 cannot be reached; check the network; or download dev.tsv and train.tsv from "
                                + server.uri("127.0.0.1") + "/c/ on another machine and put them into " + folder());
    }

    @Test
    void aFileThatMovedAwayIsSaid() {
        server.handler(request -> RawServer.Response.empty(404, Map.of("Content-Length", "0")));
        assertThatThrownBy(() -> pull(false)).hasMessageContaining("/c/dev.tsv answers 404; or download");
    }

    @Test
    void theRealFilesAreTheTutorials() {
        assertThat(new Cola().digests()).containsOnlyKeys("in_domain_train.tsv", "out_of_domain_dev.tsv");
        assertThat(Cola.DEFAULT_ADDRESS).endsWith("3rd-Edition/main/Chapter05");
    }

    private Pulled pull(boolean force) throws IOException {
        Map<String, String> environment = Map.of("ORTUNE_COLA_URL", server.uri("127.0.0.1") + "/c/");
        return cola.pull(new PullRequest(models, models, force, environment, Progress.SILENT), DownloadTest.retries(2));
    }

    private Path folder() {
        return models.resolve("data").resolve("cola");
    }
}

package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SWAG's two files from a server here. */
class PublishedFilesTest {
    private static final String TRAIN = "sent1,sent2,ending0,ending1,label\na,b,c,d,0\n";
    private static final String VAL = "sent1,sent2,ending0,ending1,label\ne,f,g,h,1\n";

    @TempDir
    Path models;

    private final Map<String, byte[]> served = new LinkedHashMap<>();
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        served.put("/s/train.csv", TRAIN.getBytes(StandardCharsets.UTF_8));
        served.put("/s/val.csv", VAL.getBytes(StandardCharsets.UTF_8));
        server = new RawServer(request -> served.containsKey(request.path())
                ? new ServedFile(served.get(request.path()), "\"x\"", 1000).answer(request)
                : RawServer.Response.empty(404, Map.of("Content-Length", "0")));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void bothFilesAreBroughtOnce() throws IOException {
        assertThat(pull(set(TRAIN, VAL), false).line()).startsWith("swag is in " + folder());
        assertThat(folder().resolve("train.csv")).hasContent(TRAIN);
        assertThat(folder().resolve("val.csv")).hasContent(VAL);
        assertThat(pull(set(TRAIN, VAL), false).line()).startsWith("swag is already in " + folder());
        assertThat(server.requests()).hasSize(2);
        Files.writeString(folder().resolve("val.csv"), "mine");
        pull(set(TRAIN, VAL), true);
        assertThat(folder().resolve("val.csv")).hasContent(VAL);
    }

    /** Nothing comes into the folder unless all of it is what it should be. */
    @Test
    void anotherFileIsRefused() {
        assertThatThrownBy(() -> pull(set(TRAIN, VAL.replace('e', 'x')), false))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("but it should be ");
        assertThat(folder()).doesNotExist();
    }

    @Test
    void withoutANetworkTheManualWayIsSaidInOneLine() throws IOException {
        server.close();
        assertThatThrownBy(() -> pull(set(TRAIN, VAL), false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(
                        "swag: 127.0.0.1 cannot be reached; check the network; or download train.csv and val.csv of "
                                + server.uri("127.0.0.1") + "/s on another machine and put them into " + folder());
    }

    @Test
    void theyHaveNamesToPull() {
        assertThat(PublishedFiles.ALL).extracting(PublishedFiles::name).containsExactly("squad", "squad_v2", "swag");
        assertThat(PublishedFiles.ALL)
                .flatExtracting(PublishedFiles::files)
                .allSatisfy(part -> assertThat(part.sha256()).matches("[0-9a-f]{64}"));
        assertThat(Source.named("swag").folder(models)).isEqualTo(folder());
        assertThatThrownBy(() -> Source.named("snli")).hasMessageContaining(", wnli, squad, squad_v2, swag, and any");
    }

    private static PublishedFiles set(String train, String val) {
        return new PublishedFiles(
                "swag",
                "ORTUNE_SWAG_URL",
                "https://swag.example",
                "Zellers et al. 2018",
                List.of(part("train.csv", train), part("val.csv", val)));
    }

    private static PublishedFiles.Part part(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new PublishedFiles.Part(name, bytes.length, DownloadTest.sha256(bytes));
    }

    private Path folder() {
        return models.resolve("data/swag");
    }

    private Pulled pull(PublishedFiles set, boolean force) throws IOException {
        Map<String, String> environment = Map.of("ORTUNE_SWAG_URL", server.uri("127.0.0.1") + "/s/");
        return set.pull(new PullRequest(models, models, force, environment, Progress.SILENT), DownloadTest.retries(2));
    }
}

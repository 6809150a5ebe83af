package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final int WEIGHTS = 200_000;

    @TempDir
    Path models;

    private final Map<String, byte[]> files = new HashMap<>();
    private final HubModel model = HubModel.parse("hf:some-one/tiny.bert");
    private RawServer hub;
    private String commit = COMMIT;
    private int most = Integer.MAX_VALUE;

    @BeforeEach
    void start() throws IOException {
        put("config.json", "{\"model_type\": \"bert\"}");
        put("tokenizer.json", "{}");
        put("vocab.txt", "[PAD]\n");
        files.put("model.safetensors", new byte[WEIGHTS]);
        hub = new RawServer(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        hub.close();
    }

    @Test
    void torchsWeightsAndSentencePiecesModelWhereThereIsNothingElse() throws IOException {
        files.keySet().removeAll(List.of("tokenizer.json", "vocab.txt", "model.safetensors"));
        put("spm.model", "pieces");
        files.put("pytorch_model.bin", new byte[WEIGHTS]);
        pull(false);
        assertThat(names(folder()))
                .containsExactlyInAnyOrder("config.json", "spm.model", "pytorch_model.bin", "source.json");
    }

    @Test
    void theyAreLeftWhereBetterOnesAre() throws IOException {
        put("spm.model", "pieces");
        files.put("pytorch_model.bin", new byte[WEIGHTS]);
        pull(false);
        assertThat(names(folder())).doesNotContain("spm.model", "pytorch_model.bin");
    }

    @Test
    void everythingIsBroughtFromOneCommit() throws IOException {
        Pulled pulled = pull(false);
        assertThat(names(folder()))
                .containsExactlyInAnyOrder(
                        "config.json", "tokenizer.json", "vocab.txt", "model.safetensors", "source.json");
        assertThat(folder().resolve("model.safetensors")).hasBinaryContent(new byte[WEIGHTS]);
        assertThat(folder().resolve("source.json")).content().contains(COMMIT).contains("/some-one/tiny.bert");
        assertThat(names(models.resolve("pretrained"))).containsExactly("some-one--tiny.bert");
        assertThat(pulled.line())
                .contains("hf:some-one/tiny.bert is in " + folder())
                .contains(COMMIT);
        assertThat(paths().get(0)).isEqualTo("/some-one/tiny.bert/resolve/main/config.json");
        assertThat(paths().subList(1, paths().size()))
                .allMatch(path -> path.startsWith("/some-one/tiny.bert/resolve/" + COMMIT + "/"));
    }

    @Test
    void aRevisionIsAskedForAndKeptApart() throws IOException {
        HubModel revised = HubModel.parse("hf:some-one/tiny.bert@refs/pr/1");
        commit = "";
        revised.pull(request(false, ""), DownloadTest.retries(1));
        assertThat(paths()).allMatch(path -> path.startsWith("/some-one/tiny.bert/resolve/refs%2Fpr%2F1/"));
        assertThat(models.resolve("pretrained/some-one--tiny.bert@refs-pr-1/model.safetensors"))
                .exists();
    }

    @Test
    void shardsAreBroughtAsTheIndexNamesThem() throws IOException {
        files.remove("model.safetensors");
        put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"m-1.safetensors\", \"b\": \"m-2.safetensors\","
                        + " \"c\": \"m-1.safetensors\"}}");
        put("m-1.safetensors", "one");
        put("m-2.safetensors", "two");
        pull(false);
        assertThat(names(folder())).contains("m-1.safetensors", "m-2.safetensors", "model.safetensors.index.json");
        assertThat(paths().stream().filter(path -> path.endsWith("m-1.safetensors")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../m.safetensors", "/m.safetensors", "m/1.safetensors", "m.bin", "", ".m.safetensors"})
    void aShardIsAPlainName(String name) {
        files.remove("model.safetensors");
        put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"" + name + "\"}}");
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("model.safetensors.index.json names a file \"" + name + "\"");
    }

    @Test
    void anInterruptedPullGoesOn() throws IOException {
        most = WEIGHTS / 2;
        assertThatThrownBy(() -> pull(false)).isInstanceOf(OrtuneException.class);
        assertThat(folder()).doesNotExist();
        most = Integer.MAX_VALUE;
        pull(false);
        String range = hub.requests().get(hub.requests().size() - 1).header("Range");
        assertThat(range).matches("bytes=\\d+-");
        // At most what was sent: a client may lose the last bytes when a connection breaks.
        assertThat(Integer.parseInt(range.substring(6, range.length() - 1))).isBetween(1, WEIGHTS / 2);
        assertThat(folder().resolve("model.safetensors")).hasBinaryContent(new byte[WEIGHTS]);
        assertThat(names(folder())).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void shardsOfAnotherCommitAreForgotten() throws IOException {
        files.remove("model.safetensors");
        put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"m-1.safetensors\", \"b\": \"m-2.safetensors\"}}");
        put("m-1.safetensors", "old");
        assertThatThrownBy(() -> pull(false))
                .hasMessageContaining("names m-2.safetensors, which the hub does not have");
        put("m-1.safetensors", "new");
        put("m-2.safetensors", "two");
        commit = COMMIT.replace('0', 'f');
        pull(false);
        assertThat(folder().resolve("m-1.safetensors")).hasContent("new");
    }

    @Test
    void whatIsThereIsNotPulledAgainUnlessForced() throws IOException {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("mine"), "x");
        assertThat(pull(false).line()).contains("is already in " + folder());
        assertThat(hub.requests()).isEmpty();
        pull(true);
        assertThat(folder().resolve("mine")).doesNotExist();
        assertThat(folder().resolve("model.safetensors")).exists();
    }

    @Test
    void aFailureLeavesWhatIsThere() throws IOException {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("mine"), "x");
        files.remove("config.json");
        assertThatThrownBy(() -> pull(true))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("resolve/main/config.json; check owner, repository and revision");
        assertThat(folder().resolve("mine")).hasContent("x");
        assertThat(names(models.resolve("pretrained"))).containsExactly("some-one--tiny.bert");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aLockedModelAsksForAToken(int status) {
        hub.handler(request -> RawServer.Response.empty(status, Map.of("Content-Length", "0")));
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("hf:some-one/tiny.bert: the hub answers " + status
                        + "; set HF_TOKEN to a token that may read it, or check the name");
        assertThatThrownBy(() -> model.pull(request(false, "secret"), DownloadTest.retries(1)))
                .hasMessageContaining("the token in HF_TOKEN may not read it");
        assertThat(hub.requests().get(1).header("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void aModelThatCannotBeUsedIsRefusedBeforeItsWeightsCome() {
        put("config.json", "{\"model_type\": \"bloom\"}");
        assertThatThrownBy(() -> pull(false)).hasMessageContaining("model_type \"bloom\" is not supported");
        put("config.json", "<html>");
        assertThatThrownBy(() -> pull(false)).hasMessageStartingWith("hf:some-one/tiny.bert: config.json is not JSON");
        put("config.json", "{}");
        files.remove("tokenizer.json");
        files.remove("vocab.txt");
        assertThatThrownBy(() -> pull(false))
                .hasMessageEndingWith("has neither tokenizer.json nor vocab.txt, nor vocab.json with merges.txt, nor"
                        + " SentencePiece's model");
        put("vocab.txt", "");
        assertThatThrownBy(() -> pull(false)).hasMessageEndingWith("vocab.txt is empty");
        assertThat(paths()).noneMatch(path -> path.contains("safetensors"));
    }

    @Test
    void theTwoFilesOfByteLevelBpeAreBrought() throws IOException {
        put("config.json", "{\"model_type\": \"roberta\"}");
        files.remove("tokenizer.json");
        files.remove("vocab.txt");
        put("vocab.json", "{}");
        assertThatThrownBy(() -> pull(false)).hasMessageEndingWith("nor SentencePiece's model");
        put("merges.txt", "#version: 0.2\n");
        pull(true);
        assertThat(names(folder()))
                .containsExactlyInAnyOrder(
                        "config.json", "vocab.json", "merges.txt", "model.safetensors", "source.json");
    }

    @Test
    void noSafetensorsIsSaid() {
        files.remove("model.safetensors");
        assertThatThrownBy(() -> pull(false))
                .hasMessageContaining("has neither model.safetensors nor pytorch_model.bin");
    }

    @Test
    void noHubIsSaid() throws IOException {
        hub.close();
        assertThatThrownBy(() -> pull(false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("hf:some-one/tiny.bert: 127.0.0.1 cannot be reached; check the network,"
                        + " or let HF_ENDPOINT name another hub");
    }

    @Test
    void onePullOfAModelAtATime() throws IOException {
        try (StagedFolder held = StagedFolder.of(folder(), "pulling")) {
            assertThat(held.folder()).exists();
            assertThatThrownBy(() -> pull(false)).hasMessage(folder() + ": another process is pulling it");
        }
        pull(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf:",
                "hf:bert",
                "hf:a/b/c",
                "hf:../b",
                "hf:a/..",
                "hf:a/b@",
                "hf:a/b@../c",
                "hf:a/b@x//y",
                "hf:a/b?x",
                "hf:a/b@x y",
                "hf:a\\b/c",
                "hf:.a/b"
            })
    void namesAreOwnerAndRepository(String name) {
        assertThatThrownBy(() -> HubModel.parse(name))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("hf:OWNER/REPO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "ftp://host", "http://", "http://a b", "file:///x", "https://h?q=1"})
    void anEndpointIsAnAddress(String variable) {
        assertThatThrownBy(() -> HubModel.endpoint(variable))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("HF_ENDPOINT is \"" + variable + "\"");
    }

    @Test
    void theEndpointDefaultsToTheHub() {
        assertThat(HubModel.endpoint("")).hasToString("https://huggingface.co");
        assertThat(HubModel.endpoint("http://mirror/hub//")).hasToString("http://mirror/hub");
    }

    private Pulled pull(boolean force) throws IOException {
        return model.pull(request(force, ""), DownloadTest.retries(1));
    }

    private PullRequest request(boolean force, String token) {
        String endpoint = hub.uri("127.0.0.1") + "/";
        return new PullRequest(
                models, models, force, Map.of("HF_ENDPOINT", endpoint, "HF_TOKEN", token), Progress.SILENT);
    }

    private RawServer.Response answer(RawServer.Request request) {
        byte[] content = files.get(request.path().substring(request.path().lastIndexOf('/') + 1));
        if (content == null) {
            return RawServer.Response.empty(404, Map.of("Content-Length", "0"));
        }
        String tag = DownloadTest.sha256(content);
        RawServer.Response response = new ServedFile(content, '"' + tag + '"', most).answer(request);
        response.headers().put("X-Linked-Etag", '"' + tag + '"');
        response.headers().put("X-Repo-Commit", commit);
        return response;
    }

    private void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path folder() {
        return models.resolve("pretrained").resolve("some-one--tiny.bert");
    }

    private List<String> paths() {
        return hub.requests().stream().map(RawServer.Request::path).toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }
}

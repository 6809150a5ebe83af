package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {
    private static final int SIZE = 300_000;
    private static final int ALL = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    private final byte[] content = bytes(1);
    private RawServer server;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer(new ServedFile(content, "\"v1\"", ALL)::answer);
        file = folder.resolve("model.safetensors");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aWholeFileLandsUnderItsNameAlone() throws IOException {
        assertThat(fetch("", 1)).isPresent();
        assertThat(file).hasBinaryContent(content);
        assertThat(names()).containsExactly("model.safetensors");
    }

    @Test
    void aBrokenConnectionIsTakenUpWhereItBroke() throws Exception {
        server.handler(new ServedFile(content, "\"v1\"", 100_000)::answer);
        fetch(sha256(content), 2);
        assertThat(file).hasBinaryContent(content);
        assertTakenUp(ranges(), 100_000);
        assertThat(ranges()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(server.requests().get(1).header("If-Range")).isEqualTo("\"v1\"");
    }

    @Test
    void aLaterPullGoesOnFromThePart() throws IOException {
        server.handler(new ServedFile(content, "\"v1\"", 100_000)::answer);
        assertThatThrownBy(() -> fetch("", 1))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(uri().toString());
        assertThat(file).doesNotExist();
        server.handler(new ServedFile(content, "\"v1\"", ALL)::answer);
        fetch("", 1);
        assertThat(ranges()).hasSize(2);
        assertTakenUp(ranges(), 100_000);
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedAnew() throws IOException {
        server.handler(new ServedFile(content, "\"v1\"", 100_000)::answer);
        assertThatThrownBy(() -> fetch("", 1)).isInstanceOf(OrtuneException.class);
        byte[] other = bytes(2);
        server.handler(new ServedFile(other, "\"v2\"", ALL)::answer);
        fetch("", 1);
        assertThat(file).hasBinaryContent(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "W/\"weak\""})
    void aPartOfAnUnknownVersionIsNotGoneOnWith(String tag) throws IOException {
        AtomicInteger count = new AtomicInteger();
        server.handler(
                request -> new ServedFile(content, tag, count.getAndIncrement() == 0 ? 100_000 : ALL).answer(request));
        fetch("", 2);
        assertThat(ranges()).containsExactly("", "");
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void aHubsChangedFileIsFetchedAnewThoughTheServersTagIsTheSame() throws Exception {
        byte[] other = bytes(2);
        server.handler(request -> linked(new ServedFile(content, "\"v1\"", 100_000).answer(request), sha256(content)));
        assertThatThrownBy(() -> fetch("", 1)).isInstanceOf(OrtuneException.class);
        server.handler(request -> linked(new ServedFile(other, "\"v1\"", ALL).answer(request), sha256(other)));
        fetch("", 2);
        assertThat(file).hasBinaryContent(other);
        assertThat(ranges()).hasSize(3).endsWith("");
        assertTakenUp(ranges().subList(0, 2), 100_000);
    }

    @Test
    void aPartThatIsTheWholeNeedsNoMore() throws Exception {
        Files.write(folder.resolve("model.safetensors.part"), content);
        Files.write(folder.resolve("model.safetensors.part.tag"), List.of("\"v1\"", ""));
        fetch(sha256(content), 1);
        assertThat(ranges()).containsExactly("bytes=" + SIZE + "-");
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void aWrongChecksumLeavesNothing() throws Exception {
        String right = sha256(bytes(9));
        assertThatThrownBy(() -> fetch(right, 3))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("SHA-256 " + sha256(content) + ", but it should be " + right);
        assertThat(server.requests()).hasSize(1);
        assertThat(names()).isEmpty();
    }

    @Test
    void aChecksumThatTheServerGivesIsChecked() throws Exception {
        server.handler(request -> linked(new ServedFile(content, "\"v1\"", ALL).answer(request), sha256(bytes(9))));
        assertThatThrownBy(() -> fetch("", 3)).hasMessageContaining("but it should be " + sha256(bytes(9)));
        server.handler(new ServedFile(content, '"' + sha256(bytes(8)) + '"', ALL)::answer);
        assertThatThrownBy(() -> fetch("", 3)).hasMessageContaining("but it should be " + sha256(bytes(8)));
        server.handler(new ServedFile(content, '"' + sha256(content) + '"', ALL)::answer);
        assertThat(fetch("", 3)).isPresent();
    }

    @Test
    void aSpoiltPartIsFetchedAnewOnce() throws Exception {
        Files.write(folder.resolve("model.safetensors.part"), new byte[1000]);
        Files.write(folder.resolve("model.safetensors.part.tag"), List.of("\"v1\"", ""));
        fetch(sha256(content), 1);
        assertThat(ranges()).containsExactly("bytes=1000-", "");
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void aShortBodyIsNeverTakenForTheFile() throws IOException {
        server.handler(new ServedFile(content, "", 1000)::answer);
        assertThatThrownBy(() -> fetch("", 3))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("3 tries brought nothing new");
        assertThat(file).doesNotExist();
    }

    @Test
    void aSizeThatIsNotTheHubsIsAnError() {
        server.handler(request -> {
            RawServer.Response response = new ServedFile(content, "\"v1\"", ALL).answer(request);
            response.headers().put("X-Linked-Size", "300001");
            return response;
        });
        assertThatThrownBy(() -> fetch("", 3))
                .hasMessageContaining("should have 300001 bytes")
                .hasMessageContaining("sends 300000");
    }

    @Test
    void moreBytesThanExpectedOfSuchAFileAreAnError() throws IOException {
        assertThatThrownBy(() -> new Download(uri(), file, "", 1000).fetch(client(3)))
                .hasMessageContaining("at most 1000");
        server.handler(request -> new RawServer.Response(200, Map.of(), content, 0));
        assertThatThrownBy(() -> new Download(uri(), file, "", 1000).fetch(client(3)))
                .hasMessageContaining("more bytes than it may");
        assertThat(file).doesNotExist();
    }

    @Test
    void aRangeThatWasNotAskedForIsNotAdded() throws IOException {
        AtomicInteger count = new AtomicInteger();
        server.handler(request -> switch (count.getAndIncrement()) {
            case 0 -> new ServedFile(content, "\"v1\"", 1000).answer(request);
            case 1 ->
                new RawServer.Response(206, Map.of("ETag", "\"v1\"", "Content-Range", "bytes 5-9/10"), new byte[5], 0);
            default -> new ServedFile(content, "\"v1\"", ALL).answer(request);
        });
        fetch("", 3);
        assertThat(file).hasBinaryContent(content);
        assertThat(ranges()).hasSize(3).endsWith("");
        assertTakenUp(ranges().subList(0, 2), 1000);
    }

    @Test
    void aConnectionThatBringsNothingMoreIsBroken() throws IOException {
        AtomicInteger count = new AtomicInteger();
        server.handler(request -> {
            RawServer.Response whole = new ServedFile(content, "\"v1\"", ALL).answer(request);
            return count.getAndIncrement() > 0
                    ? whole
                    : new RawServer.Response(200, whole.headers(), Arrays.copyOf(content, 1000), 2000);
        });
        fetch("", 2);
        assertThat(file).hasBinaryContent(content);
        assertThat(ranges()).hasSize(2);
        assertTakenUp(ranges(), 1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void aServerThatIsBusyIsAskedAgain(int status) throws IOException {
        AtomicInteger count = new AtomicInteger();
        server.handler(request -> count.getAndIncrement() == 0
                ? RawServer.Response.empty(status, Map.of("Retry-After", "3600", "Content-Length", "0"))
                : new ServedFile(content, "\"v1\"", ALL).answer(request));
        assertThat(fetch("", 2)).isPresent();
    }

    @Test
    void notFoundIsAnAnswerAndOtherRefusalsAreErrors() throws IOException {
        server.handler(request -> RawServer.Response.empty(404, Map.of("Content-Length", "0")));
        assertThat(fetch("", 1)).isEmpty();
        server.handler(request -> RawServer.Response.empty(410, Map.of("Content-Length", "0")));
        assertThatThrownBy(() -> fetch("", 3))
                .isInstanceOf(StatusException.class)
                .hasMessage(uri() + " answers 410");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aHostThatIsNotThereIsSaidAtOnce() throws IOException {
        server.close();
        assertThatThrownBy(() -> fetch("", 6))
                .isInstanceOf(UnreachableException.class)
                .hasMessage("127.0.0.1 cannot be reached; check the network");
    }

    @Test
    void aTokenGoesToItsHostAlone() throws IOException {
        try (RawServer other = new RawServer(new ServedFile(content, "\"v1\"", ALL)::answer)) {
            server.handler(redirectTo(other.uri("localhost") + "/there"));
            Http http = new Http(server.uri("127.0.0.1"), "secret");
            Download.Client client = new Download.Client(http, Progress.SILENT, retries(1));
            new Download(uri(), file, "", SIZE).fetch(client);
            assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer secret");
            assertThat(other.requests()).hasSize(1).allMatch(request -> request.header("Authorization")
                    .isEmpty());
            assertThat(file).hasBinaryContent(content);
        }
    }

    @Test
    void aRelativeRedirectKeepsTheToken() throws IOException {
        server.handler(request -> request.path().equals("/renamed")
                ? new ServedFile(content, "\"v1\"", ALL).answer(request)
                : redirectTo("/renamed").apply(request));
        Http http = new Http(server.uri("127.0.0.1"), "secret");
        new Download(uri(), file, "", SIZE).fetch(new Download.Client(http, Progress.SILENT, retries(1)));
        assertThat(server.requests()).hasSize(2).allMatch(request -> request.header("Authorization")
                .equals("Bearer secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "", "http://[bad", "ftp://localhost/x"})
    void anOddRedirectIsNotFollowed(String location) {
        server.handler(redirectTo(location));
        assertThatThrownBy(() -> fetch("", 3))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("redirects to \"" + location + "\"");
    }

    @Test
    void aCircleOfRedirectsEnds() {
        server.handler(redirectTo("/again"));
        assertThatThrownBy(() -> fetch("", 3)).hasMessageContaining("redirects more than 10 times");
    }

    private Optional<Download.Fetched> fetch(String sha256, int attempts) throws IOException {
        return new Download(uri(), file, sha256, 1 << 20).fetch(client(attempts));
    }

    private Download.Client client(int attempts) {
        return new Download.Client(new Http(uri(), ""), Progress.SILENT, retries(attempts));
    }

    static Retries retries(int attempts) {
        return new Retries(attempts, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMillis(500));
    }

    private URI uri() {
        return server.uri("127.0.0.1").resolve("/f");
    }

    /**
     * Each request but the first asks for what follows the bytes that had arrived: some of those that were sent, since a
     * client may lose the last ones when a connection breaks.
     */
    private static void assertTakenUp(List<String> ranges, int sentEachTime) {
        assertThat(ranges.get(0)).isEmpty();
        int before = 0;
        for (String range : ranges.subList(1, ranges.size())) {
            assertThat(range).matches("bytes=\\d+-");
            int from = Integer.parseInt(range.substring(6, range.length() - 1));
            assertThat(from).isGreaterThan(before).isLessThanOrEqualTo(before + sentEachTime);
            before = from;
        }
    }

    private List<String> ranges() {
        return server.requests().stream()
                .map(request -> request.header("Range"))
                .toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static Function<RawServer.Request, RawServer.Response> redirectTo(String location) {
        return request -> RawServer.Response.empty(302, Map.of("Location", location, "Content-Length", "0"));
    }

    private static RawServer.Response linked(RawServer.Response response, String tag) {
        response.headers().put("X-Linked-Etag", '"' + tag + '"');
        return response;
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

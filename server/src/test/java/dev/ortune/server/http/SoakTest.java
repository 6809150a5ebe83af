package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.server.RawClient;
import dev.ortune.server.SelfSigned;
import dev.ortune.server.ServeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The program under more than it can do, for a while: all that it answers is right, and it needs no more at the end than at the
 * beginning. {@code -Dortune.soak.seconds=300} makes it longer.
 */
@Timeout(1200)
class SoakTest {
    private static final long SECONDS =
            Long.getLong("ortune.soak.seconds", Boolean.getBoolean("ortune.chaos") ? 300 : 6);

    /** Before anything is compared: Java loads and compiles, and pools grow to what the load needs. */
    private static final long WARM_SECONDS = Math.min(30, 2 + SECONDS / 3);

    /** What Java and the C library's allocator may add by themselves after that: some 2 MB, however long it goes on. */
    private static final long GROWTH = Math.max(4, Math.min(10, SECONDS)) << 20;

    /**
     * A heap whose pages are all there from the beginning, the compiler that is soon done, and few pools of the C library: what
     * grows then is what is not given back.
     */
    private static final List<String> JAVA =
            List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");

    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "memory and open files are read from /proc")
    void nothingIsLostMixedUpOrLeaked(boolean tls) throws Exception {
        Path model = TinyClassifier.write(folder.resolve("tiny"));
        SelfSigned made = SelfSigned.in(folder);
        List<String> arguments = new ArrayList<>(List.of(model.toString(), "--port", "0"));
        arguments.addAll(List.of("--request-timeout", "3", "--payload-limit", "50000"));
        arguments.addAll(List.of("--max-concurrent-requests", "64"));
        if (tls) {
            String certificate = made.certificate().toString();
            arguments.addAll(List.of(
                    "--tls-cert-file", certificate, "--tls-key-file", made.key().toString()));
        }
        try (ServeProcess serving = ServeProcess.start(JAVA, ENVIRONMENT, arguments)) {
            int port = serving.port();
            load(new SoakClients(port, tls ? made.trusting() : null), WARM_SECONDS);
            Map<String, Integer> before = settled(serving);
            long memory = serving.residentBytes();
            SoakClients clients = new SoakClients(port, tls ? made.trusting() : null);
            load(clients, SECONDS);
            assertThat(clients.answered).hasValueGreaterThan(50 * SECONDS);
            assertThat(settled(serving)).isEqualTo(before);
            long grown = serving.residentBytes() - memory;
            System.out.printf(
                    Locale.ROOT,
                    "soak over HTTP%s, %d s: %s; memory %.1f MB, grown by %.1f MB; open %s%n",
                    tls ? "S" : "",
                    SECONDS,
                    clients,
                    memory / 1e6,
                    grown / 1e6,
                    before);
            assertThat(grown).as("bytes more").isLessThan(GROWTH);
            serving.signal("TERM");
            assertThat(serving.exit()).isZero();
        }
    }

    /** Lets all clients loose, and finds the server in good health when they have gone. */
    private static void load(SoakClients clients, long seconds) throws Exception {
        clients.start();
        for (long at = 0; at < 10 * seconds && clients.wrong.isEmpty(); at++) {
            Thread.sleep(100);
        }
        clients.stop();
        assertThat(clients.wrong).isEmpty();
        try (RawClient client = clients.connect()) {
            client.send(RawClient.get("/health"));
            assertThat(client.receive().status()).isEqualTo(200);
            client.send(RawClient.get("/metrics"));
            assertThat(client.receive().body()).contains("te_queue_size 0.0");
        }
    }

    /**
     * What is open once all clients are gone and the last of their connections has been given up; but for jars, which Java
     * opens when it first needs them.
     */
    private static Map<String, Integer> settled(ServeProcess serving) throws InterruptedException {
        Thread.sleep(3500);
        Map<String, Integer> open = serving.open();
        open.keySet().removeIf(kind -> kind.endsWith(".jar"));
        return open;
    }
}

package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.server.RawClient;
import dev.ortune.server.SelfSigned;
import dev.ortune.server.jetty.Tls;
import dev.ortune.server.log.LogFormat;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that do not wait for their answers: what they asked is not computed. */
@Timeout(60)
class HangUpTest {
    /** Each text is a batch of its own, which takes a tenth of a second. */
    private static final BatchOptions ONE_BY_ONE = new BatchOptions(1, 40, 32, 1, 1);

    private static final long PATIENCE = Duration.ofSeconds(15).toNanos();
    private static final int BUSY = 15;
    private static final int DOOMED = 25;

    @TempDir
    private Path folder;

    private ModelStore models;
    private HttpServer server;
    private SelfSigned made;

    private void start(boolean tls) throws Exception {
        Path slow = TinyClassifier.writeSlow(folder.resolve("tiny"));
        made = SelfSigned.in(folder);
        models = ModelStore.open(List.of(slow), new InferenceOptions("auto", ONE_BY_ONE));
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                List.of(),
                List.of(),
                tls ? new Tls(made.certificate(), made.key()) : null,
                100_000,
                100,
                Duration.ofSeconds(10),
                LogFormat.NONE);
        server = HttpServer.start(models, ONE_BY_ONE, options);
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(5));
        models.close();
    }

    private RawClient connect(boolean tls) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        return new RawClient(
                tls ? made.trusting().getSocketFactory().createSocket(plain, "localhost", server.port(), true) : plain);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void whatTheyAskedIsDroppedAndOthersAreServed(boolean tls, boolean rudely) throws Exception {
        start(tls);
        try (RawClient patient = connect(tls);
                RawClient watching = connect(tls)) {
            // The first look takes longest, and the patient's texts do not wait for it.
            await(watching, line -> line.startsWith("te_queue_size "));
            patient.send(RawClient.post("/models/tiny", texts(BUSY)));
            await(watching, line -> line.startsWith("te_queue_size ") && waiting(line) > 0);
            RawClient doomed = connect(tls);
            doomed.send(RawClient.post("/models/tiny", texts(DOOMED)));
            await(watching, line -> line.startsWith("te_queue_size ") && waiting(line) >= DOOMED);
            long start = System.nanoTime();
            if (rudely) {
                doomed.reset();
            } else {
                doomed.close();
            }
            await(watching, ("te_request_failure{err=\"dropped\"} " + (double) DOOMED)::equals);
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            assertThat(taken).as("before their turn came").isLessThan(Duration.ofMillis((BUSY + DOOMED) * 100L));
            RawClient.Answer answer = patient.receive();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("\"label\":\"yes\"");
            await(watching, ("te_batch_next_size_sum " + (double) BUSY)::equals);
        }
    }

    private static double waiting(String line) {
        return Double.parseDouble(line.substring(line.indexOf(' ')));
    }

    private static void await(RawClient watching, Predicate<String> such) throws IOException, InterruptedException {
        String scraped = "";
        for (long end = System.nanoTime() + PATIENCE; System.nanoTime() < end; Thread.sleep(10)) {
            watching.send(RawClient.get("/metrics"));
            scraped = watching.receive().body();
            if (scraped.lines().anyMatch(such)) {
                return;
            }
        }
        throw new AssertionError("not so in the end: " + scraped.replaceAll("(?m)^(#|jvm|.*_bucket).*\\R", ""));
    }

    private static String texts(int count) {
        return "{\"inputs\": [" + String.join(", ", Collections.nCopies(count, "\"w7 w8\"")) + "]}";
    }
}

package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.server.log.LogFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Which thread writes an answer, and with it the line of the access log. */
@Timeout(60)
class AnswerThreadTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

    private final class Threads extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            threads.add(event.getThreadName());
        }
    }

    /** It takes a tenth of a second, so whoever computes it is done last. */
    @ParameterizedTest
    @CsvSource({"w1, 200", TinyClassifier.POISON + ", 424"})
    void theOneThatComputesDoesNotWrite(String text, int status) throws Exception {
        ServerOptions options = new ServerOptions(
                "127.0.0.1", 0, List.of(), List.of(), null, 1000, 100, Duration.ofSeconds(10), LogFormat.TEXT);
        Logger log = (Logger) LoggerFactory.getLogger("access");
        Threads appender = new Threads();
        appender.start();
        log.addAppender(appender);
        try (var running = RunningServer.of(options, TinyClassifier.writeSlow(folder.resolve("tiny")))) {
            assertThat(running.post("/predict", "{\"inputs\": \"" + text + "\"}")
                            .statusCode())
                    .isEqualTo(status);
            assertThat(threads.poll(10, TimeUnit.SECONDS)).startsWith("JettyServerThreadPool-");
        } finally {
            log.detachAppender(appender);
        }
    }
}

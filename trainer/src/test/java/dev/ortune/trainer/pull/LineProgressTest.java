package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineProgressTest {
    private final StringWriter text = new StringWriter();

    @Test
    void aLineNowAndThen() {
        Progress progress = new LineProgress(new PrintWriter(text), Duration.ZERO);
        progress.begin("weights", 2_000_000);
        progress.at(500_000);
        progress.end();
        progress.begin("list", -1);
        progress.at(5);
        assertThat(text.toString().lines())
                .containsExactly("weights: 2.0 MB", "weights: 500.0 kB of 2.0 MB (25 %)", "list", "list: 5 bytes");
    }

    @Test
    void noMoreLinesThanAsked() {
        Progress progress = new LineProgress(new PrintWriter(text), Duration.ofHours(1));
        progress.begin("weights", 3_000_000_000L);
        progress.at(1);
        progress.at(2);
        assertThat(text.toString().lines()).containsExactly("weights: 3.00 GB");
    }
}

package dev.ortune.predictor.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tokens here are bytes of UTF-8, so that a character may be of several. */
class GrowingTextTest {
    private static String decode(long[] tokens) {
        byte[] bytes = new byte[tokens.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) tokens[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void noCharacterIsSplit() {
        String text = "naïve 😀 今日は!";
        GrowingText growing = new GrowingText(GrowingTextTest::decode);
        StringBuilder parts = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            String added = growing.add(value & 0xff);
            assertThat(added).doesNotContain("\ufffd");
            parts.append(added);
        }
        assertThat(parts.append(growing.end()).toString()).isEqualTo(text).isEqualTo(growing.text());
    }

    @Test
    void whatIsNeverWholeComesAtTheEnd() {
        GrowingText growing = new GrowingText(GrowingTextTest::decode);
        assertThat(growing.add('a')).isEqualTo("a");
        assertThat(growing.add(0xf0)).isEmpty();
        assertThat(growing.end()).isEqualTo("\ufffd");
        assertThat(growing.text()).isEqualTo("a\ufffd");
    }
}

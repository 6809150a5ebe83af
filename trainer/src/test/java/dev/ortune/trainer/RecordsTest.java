package dev.ortune.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No record has more components than a reader can keep apart: {@code f(0, 0, null, 1, 1)} tells nobody anything. */
class RecordsTest {
    private static final int MOST = 8;
    private static final Path HOME = Path.of("").toAbsolutePath().getParent();
    private static final Pattern RECORD = Pattern.compile("\\brecord\\s+(\\w+)\\s*(?:<[^(]*>)?\\s*\\(");

    /** Shrinks on another branch; to be taken out here with it. */
    private static final Set<String> EXCEPTED = Set.of("ServerOptions");

    @ParameterizedTest
    @ValueSource(strings = {"trainer", "exporter", "predictor", "server", "spark"})
    void areShort(String module) throws IOException {
        List<String> tooLong = new ArrayList<>();
        int records = 0;
        try (Stream<Path> files = Files.walk(HOME.resolve(module + "/src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                Matcher matcher = RECORD.matcher(source);
                while (matcher.find()) {
                    records++;
                    int components = components(source, matcher.end());
                    if (components > MOST && !EXCEPTED.contains(matcher.group(1))) {
                        tooLong.add(matcher.group(1) + " of " + components);
                    }
                }
            }
        }
        assertThat(records).isPositive();
        assertThat(tooLong).isEmpty();
    }

    /** What commas separate up to the parenthesis that ends the head; those inside of brackets separate nothing. */
    private static int components(String source, int start) {
        int depth = 1;
        int commas = 0;
        int at = start;
        for (; depth > 0; at++) {
            char letter = source.charAt(at);
            if (letter == '(' || letter == '<') {
                depth++;
            } else if (letter == ')' || letter == '>') {
                depth--;
            } else if (letter == ',' && depth == 1) {
                commas++;
            }
        }
        return source.substring(start, at - 1).isBlank() ? 0 : commas + 1;
    }
}

package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes every reader of a stranger's file, guided by coverage, in a second JVM with little memory. It begins with the
 * {@link MalformedFiles} and goes on to change their bytes; what it finds stays in {@code target/fuzz/}.
 *
 * <p>{@code -Pchaos} takes 105 seconds for each kind of file by itself; {@code -Dortune.fuzz.seconds=20} makes it take as
 * long as that, and {@code -Dortune.fuzz.files=GRAPH,TOKENIZER} chooses some kinds.
 */
class HostileFilesTest {
    private static final String FILES = System.getProperty("ortune.fuzz.files", "");
    private static final boolean LONG =
            Boolean.getBoolean("ortune.chaos") || Integer.getInteger("ortune.fuzz.seconds") != null;
    private static final int SECONDS = Integer.getInteger("ortune.fuzz.seconds", LONG ? 105 : 6);

    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void writeModel() throws IOException {
        model = TinyClassifier.write(folder.resolve("tiny"));
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"model_max_length\": 16}");
    }

    /** All kinds at once, or one by one where there is time for it. */
    static List<List<HostileFile>> pieces() {
        List<HostileFile> chosen = Arrays.stream(HostileFile.values())
                .filter(file ->
                        FILES.isEmpty() || Arrays.asList(FILES.split(",", -1)).contains(file.name()))
                .toList();
        return LONG ? chosen.stream().map(List::of).toList() : List.of(chosen);
    }

    @ParameterizedTest
    @MethodSource("pieces")
    void areReadOrRefusedInOneLine(List<HostileFile> files) throws IOException, InterruptedException {
        String name = LONG ? files.get(0).name() : "all";
        Path found = Files.createDirectories(Path.of("target", "fuzz", name).toAbsolutePath());
        Path log = found.resolve("log.txt");
        Process process = new ProcessBuilder(command(files, corpus(name, files), found))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(SECONDS + 300, TimeUnit.SECONDS))
                .as("ended: %s", log)
                .isTrue();
        assertThat(process.exitValue()).as("%s:%n%s", log, finding(log)).isZero();
        assertThat(Files.readString(log)).containsPattern("Done [1-9]\\d* runs");
    }

    private static Path corpus(String name, List<HostileFile> files) throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus-" + name));
        for (HostileFile file : files) {
            int number = 0;
            for (byte[] bytes : MalformedFiles.of(file, model)) {
                ByteArrayOutputStream seed = new ByteArrayOutputStream();
                seed.write(files.indexOf(file));
                seed.writeBytes(bytes);
                Files.write(corpus.resolve(file + "-" + number++), seed.toByteArray());
            }
        }
        return corpus;
    }

    private static List<String> command(List<HostileFile> files, Path corpus, Path found) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringBuilder arguments = new StringBuilder(model.toString());
        files.forEach(file -> arguments.append(' ').append(file));
        // Linux counts the memory of the process that starts another as the other's peak until that forks; a shell's is
        // small, that of a JVM with all these tests may be over the limit.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\"; exit $?", "sh"));
        command.addAll(List.of(java, "-Xmx256m", "-Xss512k", "-XX:+EnableDynamicAgentLoading"));
        if (!LONG) {
            // In a few seconds the first compiler alone gets through more runs.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("-cp", classPath, "com.code_intelligence.jazzer.Jazzer"));
        command.add("--target_class=" + HostileFileTarget.class.getName());
        command.add("--target_args=" + arguments);
        command.add("--instrumentation_includes=dev.ortune.**");
        command.add("--custom_hook_includes=dev.ortune.**");
        command.add("--reproducer_path=" + found);
        command.add("-artifact_prefix=" + found + "/");
        command.add("-max_total_time=" + SECONDS);
        // The short form tries the same each time; 0 is another seed each time.
        command.add("-seed=" + (LONG ? 0 : 1));
        command.addAll(List.of("-timeout=30", "-rss_limit_mb=2048", "-max_len=65536", corpus.toString()));
        return command;
    }

    /** What Jazzer says of the first finding, without its progress. */
    private static String finding(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .dropWhile(line -> !line.startsWith("=="))
                .limit(25)
                .reduce("", (text, line) -> text + line + "\n");
    }
}

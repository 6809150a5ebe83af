package dev.ortune.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.server.ServeProcess;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the locale, the launcher's programs take arguments, files and their names as UTF-8 and print it. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a script for POSIX shells")
class LocaleTest {
    private static final String TEXT = "café 😀 Größe";

    @TempDir
    private Path folder;

    private Path model;

    /** A checkout whose build is there: a jar that leads to the classes under test. */
    @BeforeEach
    void write() throws IOException {
        Files.copy(Path.of("..", "ortune"), folder.resolve("ortune"));
        Files.createDirectories(folder.resolve("server/target"));
        List<String> sources = new ArrayList<>(List.of("pom.xml"));
        for (String module : List.of("predictor", "server")) {
            Files.createDirectories(folder.resolve(module + "/src/main"));
            Files.createFile(folder.resolve(module + "/pom.xml"));
            sources.addAll(List.of(module + "/pom.xml", module + "/src/main"));
        }
        Files.createFile(folder.resolve("pom.xml"));
        for (String name : sources) {
            Files.setLastModifiedTime(
                    folder.resolve(name), FileTime.from(Instant.now().minusSeconds(3600)));
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Ortune.class.getName());
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String links = Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, links);
        new JarOutputStream(Files.newOutputStream(folder.resolve("server/target/ortune-server.jar")), manifest).close();
        // In a folder whose name is not ASCII, with a label that is not either.
        model = TinyClassifier.write(folder.resolve("modèle 😀"));
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"no\"", "\"là\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LANG=POSIX", "LC_ALL=xx_XX.ISO-8859-1", "LC_CTYPE=C", "NOTHING=1"})
    void textsAndPathsAreUtf8(String locale) throws Exception {
        assertThat(run(locale, "", "predict", model.toString(), TEXT)
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .isEqualTo("là  33.3 %  " + TEXT);
        assertThat(run(locale, TEXT + "\n", "predict", model.toString())).isEqualTo("là  33.3 %  " + TEXT + "\n");
        Path file = Files.writeString(folder.resolve("tëxte.txt"), TEXT + "\n");
        assertThat(run(locale, "", "predict", model.toString(), "--file", file.toString(), "--json"))
                .startsWith("{\"text\":\"" + TEXT + "\",\"label\":\"là\"");
        assertThat(run(locale, "", "predict", "modèle ☃"))
                .isEqualTo("ortune: modèle ☃: there is no such model folder\n");
    }

    /** Both of the outputs; with PATH, HOME and one variable alone. */
    private String run(String locale, String in, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", folder.resolve("ortune").toString()));
        command.addAll(List.of(arguments));
        // This Java may run in such a locale itself, in which it could not pass these arguments on.
        Path script = Files.writeString(
                folder.resolve("run.sh"),
                "exec " + command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ")) + " 2>&1\n");
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
        String path = builder.environment().get("PATH");
        String home = builder.environment().get("HOME");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", home == null ? folder.toString() : home);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ORTUNE_JAVA_OPTS", ServeProcess.SOON_COMPILED);
        String[] variable = locale.split("=", 2);
        builder.environment().put(variable[0], variable[1]);
        Process process = builder.start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(in.getBytes(StandardCharsets.UTF_8));
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return printed;
    }
}

package dev.ortune.trainer.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * A checkout with the real launcher and a small stand-in for Maven, whose builds are counted and take no minute: it puts
 * a jar that echoes its arguments where the real one would come to lie.
 */
record LauncherTree(Path root) {
    record Result(int exit, String out, String err) {}

    private static final String MAVEN = """
            #!/bin/sh
            echo "$*" >>"$HERE/builds"
            [ -z "$BUILD_SECONDS" ] || sleep "$BUILD_SECONDS"
            if [ -n "$BUILD_FAILS" ]; then
              echo "[INFO] noise"
              echo "[WARNING] /A.java:[1,1] careful"
              echo "[ERROR] A.java:[3,5] cannot find symbol -> [Help 1]"
              echo "[ERROR] "
              echo "[ERROR] [Help 1] http://somewhere"
              exit 1
            fi
            while [ "$1" != -pl ]; do shift; done
            for module in $(echo "$2" | tr , " "); do
              mkdir -p "$HERE/$module/target/classes"
              cp "$HERE/echo.jar" "$HERE/$module/target/ortune-$module.jar"
            done
            """;

    static LauncherTree in(Path root) throws IOException {
        Files.copy(Path.of("..", "ortune"), root.resolve("ortune"));
        Files.createDirectories(root.resolve("trainer/src/main/java"));
        Files.createDirectories(root.resolve("maven/bin"));
        Files.createFile(root.resolve("pom.xml"));
        Files.createFile(root.resolve("trainer/pom.xml"));
        Files.createFile(root.resolve("trainer/src/main/java/A.java"));
        script(root.resolve("maven/bin/mvn"), MAVEN);
        writeEchoJar(root.resolve("echo.jar"));
        LauncherTree tree = new LauncherTree(root);
        tree.age("pom.xml", "trainer/pom.xml", "trainer/src/main/java/A.java", "trainer/src/main/java");
        tree.age("trainer/src/main");
        return tree;
    }

    static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes files older than any build of this test. */
    void age(String... paths) throws IOException {
        for (String path : paths) {
            Files.setLastModifiedTime(
                    root.resolve(path), FileTime.from(Instant.now().minusSeconds(3600)));
        }
    }

    /** Makes a file newer than any build so far. */
    void touch(String path) throws IOException {
        Files.setLastModifiedTime(
                root.resolve(path), FileTime.from(Instant.now().plusSeconds(5)));
    }

    Process start(Path directory, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_OPTS", "ORTUNE_JAVA_OPTS", "ORTUNE_PROFILE"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MAVEN_HOME", root.resolve("maven").toString());
        builder.environment().put("HERE", root.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = root.resolve("ortune").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return finish(start(root, environment, command));
    }

    static Result finish(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err);
    }

    /** The arguments of every build so far. */
    List<String> builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    private static void writeEchoJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, EchoArguments.class.getName());
        String entry = EchoArguments.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream bytes = EchoArguments.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new ZipEntry(entry));
            bytes.transferTo(out);
        }
    }
}

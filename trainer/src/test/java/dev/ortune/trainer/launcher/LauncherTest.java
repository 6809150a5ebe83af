package dev.ortune.trainer.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {
    private static final Map<String, String> PLAIN = Map.of();

    @TempDir
    Path root;

    private LauncherTree tree;

    @BeforeEach
    void checkOut() throws IOException {
        tree = LauncherTree.in(root);
    }

    @Test
    void buildsOnceAndPassesArgumentsOn() throws Exception {
        LauncherTree.Result first = tree.run(PLAIN, "train", "two words", "*", "");
        assertThat(first.err()).isEqualTo("ortune: building (first run) …\n");
        assertThat(first.out())
                .contains("home=" + root.toRealPath())
                .contains("argument=<train>\nargument=<two words>\nargument=<*>\nargument=<>\n");
        LauncherTree.Result second = tree.run(PLAIN, "fail");
        assertThat(second.err()).isEmpty();
        assertThat(second.exit()).isEqualTo(2);
        assertThat(tree.builds())
                .hasSize(1)
                .first()
                .asString()
                .contains("-pl trainer")
                .doesNotContain(" -P");
    }

    @Test
    void quickstartBuildsEveryModuleAtOnce() throws Exception {
        modules("exporter", "predictor", "server");
        tree.run(PLAIN, "export");
        LauncherTree.Result result = tree.run(PLAIN, "quickstart", "a");
        assertThat(result.err()).isEqualTo("ortune: building (first run) …\n");
        assertThat(result.out()).contains("argument=<quickstart>\nargument=<a>\n");
        assertThat(tree.run(PLAIN, "serve").err()).isEmpty();
        assertThat(tree.builds()).hasSize(2);
        assertThat(tree.builds().get(0)).contains("-pl exporter").doesNotContain("-T");
        assertThat(tree.builds().get(1)).contains("-pl trainer,server", " -T2");
        assertThat(root.resolve("server/target/ortune-build.lock")).doesNotExist();
        assertThat(root.resolve("predictor/target/ortune-build.lock")).doesNotExist();
        tree.touch("predictor/src/main");
        assertThat(tree.run(PLAIN, "serve").err()).isEqualTo("ortune: building (changes) …\n");
        assertThat(tree.builds().get(2)).contains("-pl server -am");
    }

    /** Java takes no two collectors. */
    @Test
    void aServerHasTheSerialCollectorUnlessAnotherIsNamed() throws Exception {
        modules("predictor", "server");
        assertThat(tree.run(PLAIN, "serve").out()).contains("collector=Copy\n");
        assertThat(tree.run(Map.of("ORTUNE_JAVA_OPTS", "-XX:+UseG1GC"), "serve").out())
                .contains("collector=G1 Young Generation\n");
        assertThat(tree.run(Map.of("JDK_JAVA_OPTIONS", "-XX:+UseParallelGC"), "serve")
                        .out())
                .contains("collector=PS Scavenge\n");
    }

    private void modules(String... names) throws IOException {
        for (String module : names) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
            tree.age(module + "/src/main", module + "/pom.xml");
        }
    }

    @Test
    void whatASweepStartsIsOfTheBuildThatTheSweepIsOf() throws Exception {
        tree.run(PLAIN, "train");
        tree.touch("trainer/src/main");
        assertThat(tree.run(Map.of("ORTUNE_PARENT", "1"), "train").err()).isEmpty();
        assertThat(tree.run(PLAIN, "train").err()).isEqualTo("ortune: building (changes) …\n");
    }

    @Test
    void runsFromAnywhereThroughALink() throws Exception {
        Path elsewhere = Files.createDirectories(root.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../ortune"));
        Files.createSymbolicLink(elsewhere.resolve("o"), elsewhere.resolve("link"));
        LauncherTree.Result result = LauncherTree.finish(tree.start(elsewhere, PLAIN, "./o", "here"));
        assertThat(result.out()).contains("home=" + root.toRealPath()).contains("argument=<here>");
    }

    @Test
    void anArchiveRunsWithoutMavenFromAnywhere() throws Exception {
        Path archive = root.resolve("archive of 1.0");
        Files.createDirectories(archive.resolve("bin"));
        Files.createDirectories(archive.resolve("jars"));
        Files.copy(root.resolve("ortune"), archive.resolve("bin/ortune"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(root.resolve("echo.jar"), archive.resolve("jars/ortune-trainer.jar"));
        Files.createSymbolicLink(root.resolve("o"), archive.resolve("bin/ortune"));
        LauncherTree.Result result = LauncherTree.finish(tree.start(root, PLAIN, "./o", "here"));
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("home=" + archive.toRealPath() + "\n").contains("argument=<here>");
        assertThat(root.resolve("builds")).doesNotExist();
        assertThat(LauncherTree.finish(tree.start(root, PLAIN, "./o", "score")).err())
                .isEqualTo("ortune: score takes Spark from Maven: run it in a checkout of Ortune's sources\n");
    }

    /** Spark's jars are where Maven says. */
    @Test
    void sparkIsBuiltAndFoundWhenItIsAskedFor() throws Exception {
        modules("predictor", "spark");
        Path launch = Files.createDirectories(root.resolve("spark/src/main/launch"));
        Files.writeString(launch.resolve("java.options"), "-Doption=3\n");
        tree.age("spark/src/main/launch/java.options", "spark/src/main/launch", "spark/src/main");
        Path target = Files.createDirectories(root.resolve("spark/target"));
        Files.writeString(target.resolve("ortune.classpath"), "predictor.jar");
        Files.writeString(target.resolve("spark.classpath"), "spark.jar:more.jar");
        LauncherTree.Result result = tree.run(PLAIN, "score", "--help");
        assertThat(result.err()).startsWith("ortune: building (first run) …\n").contains("dev.ortune.spark.cli.Ortune");
        assertThat(tree.builds()).singleElement().asString().contains("-pl spark -am");
    }

    /** What Java leaves of the classes of a server is taken over from one that was ready and could write all of it. */
    @Test
    void classesAreTakenFromAServerThatWasReady() throws Exception {
        modules("predictor", "server");
        tree.run(PLAIN, "serve");
        assertThat(archives()).singleElement().asString().matches(".*\\.jsa\\.\\d+");
        tree.run(PLAIN, "serve");
        Path cut = archives().get(0);
        ready(cut);
        byte[] whole = Files.readAllBytes(cut);
        assertThat(cut.toFile().setWritable(true)).isTrue();
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        tree.run(PLAIN, "serve");
        Path left = archives().get(0);
        assertThat(archives()).hasSize(1).doesNotContain(cut);
        ready(left);
        assertThat(tree.run(PLAIN, "serve", "here").out()).contains("argument=<here>");
        assertThat(archives()).singleElement().asString().endsWith(".jsa");
        assertThat(tree.run(PLAIN, "serve", "here").out()).contains("argument=<here>");
        assertThat(archives()).singleElement().asString().endsWith(".jsa");
    }

    /** Says of an archive what a server says. */
    private static void ready(Path archive) throws IOException {
        Files.createFile(Path.of(archive + ".ready"));
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("server/target"))) {
            return files.filter(file -> file.toString().contains(".jsa")).toList();
        }
    }

    @Test
    void aChangedOrRemovedSourceIsBuiltAgain() throws Exception {
        tree.run(PLAIN);
        tree.touch("trainer/src/main/java/A.java");
        assertThat(tree.run(PLAIN).err()).isEqualTo("ortune: building (changes) …\n");
        tree.age("trainer/src/main/java/A.java");
        assertThat(tree.run(PLAIN).err()).isEmpty();
        Files.delete(root.resolve("trainer/src/main/java/A.java"));
        tree.touch("trainer/src/main/java");
        assertThat(tree.run(PLAIN).err()).isNotEmpty();
        assertThat(tree.builds()).hasSize(3);
    }

    @Test
    void twoThatStartTogetherBuildOnce() throws Exception {
        String command = root.resolve("ortune").toString();
        Map<String, String> slow = Map.of("BUILD_SECONDS", "1");
        List<Process> both = List.of(tree.start(root, slow, command, "a"), tree.start(root, slow, command, "a"));
        for (Process process : both) {
            assertThat(LauncherTree.finish(process).out()).contains("argument=<a>");
        }
        assertThat(tree.builds()).hasSize(1);
        assertThat(lock()).doesNotExist();
    }

    @Test
    void theLockOfADeadProcessIsTaken() throws Exception {
        Process dead = tree.start(root, PLAIN, "true");
        dead.waitFor();
        Files.createDirectories(lock().getParent());
        Files.createSymbolicLink(lock(), Path.of(Long.toString(dead.pid())));
        assertThat(tree.run(PLAIN, "a").out()).contains("argument=<a>");
    }

    @Test
    void aFailedBuildShowsTheErrorsAndIsTriedAgain() throws Exception {
        LauncherTree.Result result = tree.run(Map.of("BUILD_FAILS", "yes"), "train");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(
                        "[WARNING] /A.java:[1,1] careful\n[ERROR] A.java:[3,5] cannot find symbol\nortune: the build failed")
                .doesNotContain("noise")
                .doesNotContain("Help 1");
        assertThat(lock()).doesNotExist();
        assertThat(tree.run(PLAIN, "a").out()).contains("argument=<a>");
    }

    @Test
    void theProfileIsBuiltWhenItChanges() throws Exception {
        tree.run(PLAIN);
        tree.run(Map.of("ORTUNE_PROFILE", "cuda"));
        tree.run(Map.of("ORTUNE_PROFILE", "cuda"));
        tree.run(PLAIN);
        assertThat(tree.builds()).hasSize(3);
        assertThat(tree.builds().get(1)).contains("-Pcuda");
    }

    @Test
    void optionsForTheVirtualMachineArePassedOn() throws Exception {
        Map<String, String> options = Map.of("JAVA_OPTS", "-Xmx64m -Doption=1", "ORTUNE_JAVA_OPTS", "-Doption=2");
        assertThat(tree.run(options).out()).contains("option=2");
    }

    @Test
    void anOldJavaIsNamed() throws Exception {
        LauncherTree.script(root.resolve("old/bin/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019' >&2\n");
        LauncherTree.Result old =
                tree.run(Map.of("JAVA_HOME", root.resolve("old").toString()));
        assertThat(old.exit()).isEqualTo(1);
        assertThat(old.err()).isEqualTo("ortune: Java 17 or newer is needed; " + root + "/old/bin/java is 11\n");
        LauncherTree.script(root.resolve("old/bin/java"), "#!/bin/sh\necho 'java version \"1.8.0_392\"' >&2\n");
        assertThat(tree.run(Map.of("JAVA_HOME", root.resolve("old").toString())).err())
                .endsWith("java is 8\n");
    }

    @Test
    void noJavaAndNoMavenAreNamed() throws Exception {
        LauncherTree.Result noJava = tree.run(Map.of("JAVA_HOME", "/no/such"));
        assertThat(noJava.err()).isEqualTo("ortune: JAVA_HOME is /no/such, which holds no bin/java\n");
        assertThat(noJava.exit()).isEqualTo(1);
        LauncherTree.Result noMaven = tree.run(Map.of("MAVEN_HOME", "/no/such"));
        assertThat(noMaven.err()).isEqualTo("ortune: MAVEN_HOME is /no/such, which holds no bin/mvn\n");
        assertThat(noMaven.exit()).isEqualTo(1);
    }

    private Path lock() {
        return root.resolve("trainer/target/ortune-build.lock");
    }
}

package dev.ortune.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.JavaProcess;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    @TempDir
    Path temp;

    @Test
    void twoProcessesThatStartTogetherBothTrain() throws Exception {
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", temp.toString(), "ORTUNE_ORT_NATIVE", "");
        List<JavaProcess> both = List.of(
                JavaProcess.start(TrainingProbe.class, environment),
                JavaProcess.start(TrainingProbe.class, environment));
        for (JavaProcess process : both) {
            JavaProcess.Result result = process.await();
            assertThat(result.output()).contains("training=true").contains("path=" + temp.resolve("ortune"));
            assertThat(result.exit()).isZero();
        }
        assertThat(names(temp.resolve("ortune").resolve("onnxruntime")))
                .containsExactlyInAnyOrder(".lock", set().name());
    }

    @Test
    void aFolderNamedByTheVariableIsUsedWithoutACache() throws Exception {
        Path folder = new LibraryCache(temp.resolve("elsewhere")).unpacked(set());
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", temp.resolve("cache").toString(), "ORTUNE_ORT_NATIVE", folder.toString());
        JavaProcess.Result result =
                JavaProcess.start(TrainingProbe.class, environment).await();
        assertThat(result.output()).contains("training=true").contains("path=" + folder);
        assertThat(temp.resolve("cache")).doesNotExist();
    }

    @Test
    void aCacheThatCannotBeWrittenIsReplacedByATemporaryFolder() throws Exception {
        Path file = Files.createFile(temp.resolve("not-a-folder"));
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", file.resolve("below").toString(), "ORTUNE_ORT_NATIVE", "");
        JavaProcess.Result result =
                JavaProcess.start(TrainingProbe.class, environment).await();
        assertThat(result.output()).contains("training=true").contains("ortune-onnxruntime-");
        Path used = Path.of(result.output().replaceAll("(?s).*path=(\\S+).*", "$1"));
        assertThat(used).doesNotExist();
    }

    @Test
    void aNamedFolderMustExist() {
        Map<String, String> environment = Map.of("ORTUNE_ORT_NATIVE", "/no/such/folder");
        assertThatThrownBy(() -> NativeLibraries.folder(environment, temp))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("ORTUNE_ORT_NATIVE names /no/such/folder, which is not a folder");
    }

    @Test
    void aNamedFolderMustHoldBothLibraries() throws IOException {
        Map<String, String> environment = Map.of("ORTUNE_ORT_NATIVE", temp.toString());
        String runtime = System.mapLibraryName("onnxruntime");
        String jni = System.mapLibraryName("onnxruntime4j_jni");
        assertThatThrownBy(() -> NativeLibraries.folder(environment, temp))
                .isInstanceOf(OrtuneException.class)
                .hasMessageEndingWith("which holds no " + runtime);
        Files.createFile(temp.resolve(runtime));
        assertThatThrownBy(() -> NativeLibraries.folder(environment, temp))
                .hasMessageEndingWith("which holds no " + jni);
        Files.createFile(temp.resolve(jni));
        assertThat(NativeLibraries.folder(environment, temp)).isEqualTo(temp);
    }

    private static LibrarySet set() throws IOException {
        return LibrarySet.onClassPath(Platform.current());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }
}

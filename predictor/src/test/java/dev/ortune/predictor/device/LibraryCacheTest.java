package dev.ortune.predictor.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks what is in a jar of the tests' class path. */
class LibraryCacheTest {
    private static final List<String> RESOURCES =
            List.of("ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so", "ai/onnxruntime/OrtEnvironment.class");

    @TempDir
    private Path root;

    private static byte[] resource(String name) throws IOException {
        try (var in = LibraryCacheTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void isUnpackedOnceAndMendedWhereAFileWasCutOff() throws IOException {
        LibraryCache cache = new LibraryCache(root.resolve("new"));
        Path folder = cache.unpacked(RESOURCES).orElseThrow();
        Path library = folder.resolve("libonnxruntime4j_jni.so");
        assertThat(library).hasBinaryContent(resource(RESOURCES.get(0)));
        assertThat(folder.resolve("OrtEnvironment.class")).hasBinaryContent(resource(RESOURCES.get(1)));
        FileTime past = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(library, past);
        assertThat(cache.unpacked(RESOURCES)).contains(folder);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(past);
        Files.write(library, new byte[7]);
        assertThat(cache.unpacked(RESOURCES)).contains(folder);
        assertThat(library).hasBinaryContent(resource(RESOURCES.get(0)));
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void isEmptyWhereNothingCanBeWrittenOrAResourceIsMissing() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "no folder");
        assertThat(new LibraryCache(file).unpacked(RESOURCES)).isEmpty();
        assertThat(new LibraryCache(root).unpacked(List.of("ai/onnxruntime/none.so")))
                .isEmpty();
        // Classes of the project lie in a folder, not in a jar.
        assertThat(new LibraryCache(root).unpacked(List.of("dev/ortune/predictor/device/LibraryCache.class")))
                .isEmpty();
    }

    @Test
    void liesAmongTheUsersCaches() {
        assertThat(LibraryCache.of(Map.of(), "/home/u").root())
                .isEqualTo(Path.of("/home/u/.cache/ortune/onnxruntime-server"));
        assertThat(LibraryCache.of(Map.of("XDG_CACHE_HOME", "/c"), "/home/u").root())
                .isEqualTo(Path.of("/c/ortune/onnxruntime-server"));
        assertThat(LibraryCache.of(Map.of("XDG_CACHE_HOME", "c"), "/home/u").root())
                .isEqualTo(Path.of("/home/u/.cache/ortune/onnxruntime-server"));
    }
}

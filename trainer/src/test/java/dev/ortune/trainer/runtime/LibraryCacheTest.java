package dev.ortune.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
    @TempDir
    Path root;

    private LibrarySet set;
    private Path folder;

    @BeforeEach
    void unpackOnce() throws IOException {
        set = LibrarySet.onClassPath(Platform.current());
        folder = new LibraryCache(root).unpacked(set);
    }

    @Test
    void theSetNamesVersionAndPlatform() {
        // -gpu in a build with the profile cuda
        assertThat(set.name())
                .matches("\\d+\\.\\d+\\.\\d+-.*-" + Platform.current().preset() + "(-gpu)?");
        assertThat(set.libraries()).extracting(Library::name).noneMatch(name -> name.contains("jnionnxruntime"));
        assertThat(set.libraries())
                .extracting(Library::plainName)
                .contains(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni"));
    }

    @Test
    void theRuntimeStandsUnderBothItsNames() {
        for (Library library : set.libraries()) {
            assertThat(folder.resolve(library.name())).hasSize(library.size());
            assertThat(folder.resolve(library.plainName())).hasSize(library.size());
        }
    }

    @Test
    void aWholeFolderIsNotUnpackedAgain() throws IOException {
        Path library = folder.resolve(set.libraries().get(0).name());
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(library, longAgo);
        new LibraryCache(root).unpacked(set);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(longAgo);
    }

    @Test
    void aFileOfTheWrongLengthIsUnpackedAgain() throws IOException {
        for (Library library : set.libraries()) {
            try (FileChannel file = FileChannel.open(folder.resolve(library.name()), StandardOpenOption.WRITE)) {
                file.truncate(library.size() / 2);
            }
            assertThat(LibraryCache.holds(folder, set)).isFalse();
            new LibraryCache(root).unpacked(set);
            assertThat(folder.resolve(library.name())).hasSize(library.size());
        }
    }

    @Test
    void aFolderWithoutItsListOfContentsIsNotUsed() throws IOException {
        Files.delete(folder.resolve("contents.txt"));
        assertThat(LibraryCache.holds(folder, set)).isFalse();
        new LibraryCache(root).unpacked(set);
        assertThat(LibraryCache.holds(folder, set)).isTrue();
    }

    @Test
    void aKilledProcessLeavesNothingThatStaysOrIsUsed() throws IOException {
        LibraryCache.delete(folder);
        Path half = Files.createDirectory(root.resolve(".unpacking-" + set.name()));
        Files.writeString(half.resolve(set.libraries().get(0).name()), "half");
        new LibraryCache(root).unpacked(set);
        assertThat(half).doesNotExist();
        assertThat(LibraryCache.holds(folder, set)).isTrue();
    }
}

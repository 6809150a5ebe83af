package dev.ortune.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64, linux-x64",
        "Linux, aarch64, linux-arm64, linux-aarch64",
        "Mac OS X, aarch64, macosx-arm64, osx-aarch64",
        "Windows 11, amd64, windows-x86_64, win-x64"
    })
    void publishedPlatforms(String os, String arch, String preset, String official) {
        assertThat(Platform.of(os, arch)).isEqualTo(new Platform(preset, official));
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, x86_64", "Linux, riscv64", "Windows 11, aarch64", "FreeBSD, amd64"})
    void others(String os, String arch) {
        assertThatThrownBy(() -> Platform.of(os, arch))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("not for " + os + " on " + arch)
                .hasMessageContaining("ORTUNE_ORT_NATIVE");
    }

    @Test
    void cachesLieWhereEachSystemPutsThem() {
        assertThat(CacheFolder.of("Linux", "/home/a", Map.of())).isEqualTo(Path.of("/home/a/.cache/ortune"));
        assertThat(CacheFolder.of("Linux", "/home/a", Map.of("XDG_CACHE_HOME", "/c")))
                .isEqualTo(Path.of("/c/ortune"));
        assertThat(CacheFolder.of("Linux", "/home/a", Map.of("XDG_CACHE_HOME", "relative")))
                .isEqualTo(Path.of("/home/a/.cache/ortune"));
        assertThat(CacheFolder.of("Mac OS X", "/Users/a", Map.of()))
                .isEqualTo(Path.of("/Users/a/Library/Caches/ortune"));
        assertThat(CacheFolder.of("Windows 11", "/u", Map.of("LOCALAPPDATA", "/u/AppData/Local")))
                .isEqualTo(Path.of("/u/AppData/Local/ortune"));
    }
}

package dev.ortune.trainer.runtime;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where a user's caches lie on each operating system. */
final class CacheFolder {
    private CacheFolder() {}

    static Path current() {
        return of(System.getProperty("os.name"), System.getProperty("user.home"), System.getenv());
    }

    /** XDG_CACHE_HOME where it is set, else the system's own place; {@code ortune} inside it. */
    static Path of(String osName, String home, Map<String, String> environment) {
        String os = osName.toLowerCase(Locale.ROOT);
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "ortune");
        }
        if (os.startsWith("mac")) {
            return Path.of(home, "Library", "Caches", "ortune");
        }
        String local = environment.getOrDefault("LOCALAPPDATA", "");
        if (os.startsWith("windows") && !local.isEmpty()) {
            return Path.of(local, "ortune");
        }
        return Path.of(home, ".cache", "ortune");
    }
}

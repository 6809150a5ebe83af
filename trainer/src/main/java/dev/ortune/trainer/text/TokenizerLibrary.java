package dev.ortune.trainer.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How DJL's native tokenizer library behaves in this process. */
final class TokenizerLibrary {
    private TokenizerLibrary() {}

    /**
     * Before DJL's first class is touched: no downloads, no usage reports, the CPU build that its jar holds, unpacked to
     * the user's cache instead of a folder of its own in the home folder.
     */
    static void keepLocal() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        if (System.getProperty("ENGINE_CACHE_DIR") == null && System.getenv("ENGINE_CACHE_DIR") == null) {
            useCache(cache());
        }
    }

    private static Path cache() {
        String stated = System.getenv("XDG_CACHE_HOME");
        boolean usable = stated != null && Path.of(stated).isAbsolute();
        return (usable ? Path.of(stated) : Path.of(System.getProperty("user.home"), ".cache")).resolve("ortune");
    }

    private static void useCache(Path cache) {
        try {
            Files.createDirectories(cache);
            if (Files.isWritable(cache)) {
                System.setProperty("ENGINE_CACHE_DIR", cache.toString());
            }
        } catch (IOException e) {
            // DJL then takes the system's temporary folder.
            System.clearProperty("ENGINE_CACHE_DIR");
        }
    }
}

package dev.ortune.predictor.device;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;

/**
 * ONNX Runtime's native libraries, unpacked from its jar once and not at every start, which takes its own loader as long as
 * all that Jetty needs.
 *
 * @param root the folder for all versions of them
 */
record LibraryCache(Path root) {
    /** Where a Linux user's caches are; elsewhere ONNX Runtime unpacks by itself. */
    static LibraryCache of(Map<String, String> environment, String home) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = !xdg.isEmpty() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(home, ".cache");
        return new LibraryCache(caches.resolve("ortune").resolve("onnxruntime-server"));
    }

    /**
     * A folder with libraries, which is named after their checksums.
     *
     * @param resources on the class path
     * @return empty where one is not in a jar or nothing can be written, as in a read-only container
     */
    Optional<Path> unpacked(Iterable<String> resources) {
        try {
            Map<String, JarEntry> entries = new LinkedHashMap<>();
            StringBuilder name = new StringBuilder();
            for (String resource : resources) {
                Optional<JarEntry> entry = entry(resource);
                if (entry.isEmpty()) {
                    return Optional.empty();
                }
                entries.put(resource, entry.get());
                name.append(HexFormat.of().toHexDigits(entry.get().getCrc(), 8));
            }
            Path folder = root.resolve(name.toString());
            for (Map.Entry<String, JarEntry> entry : entries.entrySet()) {
                unpack(entry.getKey(), entry.getValue().getSize(), folder);
            }
            return Optional.of(folder.toAbsolutePath());
        } catch (IOException cannotBeWritten) {
            return Optional.empty();
        }
    }

    private static Optional<JarEntry> entry(String resource) throws IOException {
        URL url = LibraryCache.class.getClassLoader().getResource(resource);
        URLConnection connection = url == null ? null : url.openConnection();
        return connection instanceof JarURLConnection jar ? Optional.of(jar.getJarEntry()) : Optional.empty();
    }

    /** Written beside its place and moved there: another process finds it whole or not at all. */
    private static void unpack(String resource, long size, Path folder) throws IOException {
        Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        if (Files.isRegularFile(file) && Files.size(file) == size) {
            return;
        }
        Files.createDirectories(folder);
        Path written = Files.createTempFile(folder, "", ".part");
        try (InputStream in = LibraryCache.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + ": no such resource");
            }
            Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}

package dev.ortune.server.http;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.webjars.WebJarVersionLocator;

/**
 * A few files of the class path, read when first asked for and kept. Only names that are listed are found, so no path of a
 * request reaches a file system.
 */
final class StaticFiles {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8");

    private final String policy;
    private final Map<String, Supplier<String>> resources;
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

    /**
     * Lists them.
     *
     * @param policy what a browser may load and run, as Content-Security-Policy has it
     * @param resources where they are on the class path, by the name in requests
     */
    StaticFiles(String policy, Map<String, Supplier<String>> resources) {
        this.policy = policy;
        this.resources = Map.copyOf(resources);
    }

    /** Where a JavaScript library's file is, whatever its version; looked up late, since that opens jars. */
    static Supplier<String> webjar(String library, String file) {
        return () -> new WebJarVersionLocator().fullPath(library, file);
    }

    /** Answers with a file. */
    void write(Context context, String name) {
        Supplier<String> resource = resources.get(name);
        if (resource == null) {
            throw new RequestException(ErrorType.NOT_FOUND, "no such file");
        }
        context.header("Content-Security-Policy", policy);
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cache-Control", "no-cache");
        context.contentType(TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
                .result(contents.computeIfAbsent(name, absent -> read(resource.get())));
    }

    private static byte[] read(String resource) {
        try (InputStream stream = StaticFiles.class.getClassLoader().getResourceAsStream(resource)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

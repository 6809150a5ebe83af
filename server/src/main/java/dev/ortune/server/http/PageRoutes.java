package dev.ortune.server.http;

import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The page to try models in a browser. Its few files are in memory; no path of a request reaches the file system. */
final class PageRoutes {
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "style.css", "text/css; charset=utf-8",
            "app.js", "text/javascript; charset=utf-8");

    private final Map<String, byte[]> files = new TreeMap<>();

    PageRoutes() {
        TYPES.keySet().forEach(name -> files.put(name, read(name)));
    }

    private static byte[] read(String name) {
        try (InputStream stream = PageRoutes.class.getResourceAsStream("/dev/ortune/server/page/" + name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void index(Context context) {
        write(context, "index.html");
    }

    void file(Context context) {
        write(context, context.pathParam("file"));
    }

    private void write(Context context, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new RequestException(ErrorType.NOT_FOUND, "no such file");
        }
        context.header("Content-Security-Policy", "default-src 'self'; img-src data:; frame-ancestors 'none'");
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cache-Control", "no-cache");
        context.contentType(TYPES.get(name)).result(bytes);
    }
}

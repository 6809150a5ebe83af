package dev.ortune.server.http;

import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The page to try models in a browser; it loads its own files alone. */
final class PageRoutes {
    private static final String FOLDER = "dev/ortune/server/page/";
    private static final String POLICY = "default-src 'self'; img-src data:; frame-ancestors 'none'";
    private static final String INDEX = "index.html";
    private static final List<String> OWN = List.of(
            INDEX,
            "style.css",
            "answers.js",
            "app.js",
            "batch.js",
            "choices.js",
            "dom.js",
            "entities.js",
            "labels.js",
            "generation.js",
            "masks.js",
            "reading.js",
            "results.js",
            "sentence.js",
            "server.js",
            "table.js",
            "tasks.js",
            "verdicts.js",
            "writing.js");
    private static final String CSV = "papaparse.min.js";

    private final StaticFiles files = new StaticFiles(POLICY, resources());

    private static Map<String, Supplier<String>> resources() {
        Map<String, Supplier<String>> resources = new HashMap<>();
        OWN.forEach(name -> resources.put(name, () -> FOLDER + name));
        resources.put(CSV, StaticFiles.webjar("papaparse", CSV));
        return resources;
    }

    void index(Context context) {
        files.write(context, INDEX);
    }

    void file(Context context) {
        files.write(context, context.pathParam("file"));
    }
}

package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.Version;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The OpenAPI document of all routes, and Swagger UI to read it and to try them. */
final class DocsRoutes {
    private static final String FOLDER = "dev/ortune/server/docs/";
    private static final String INDEX = "index.html";
    private static final String LIBRARY = "swagger-ui";
    private static final String SCRIPT = "swagger-ui-bundle.js";
    private static final String STYLE = "swagger-ui.css";

    /** Swagger UI writes style attributes and has its images in its style sheet. */
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";

    private final StaticFiles files = new StaticFiles(
            POLICY,
            Map.of(
                    INDEX,
                    () -> FOLDER + INDEX,
                    "docs.js",
                    () -> FOLDER + "docs.js",
                    SCRIPT,
                    StaticFiles.webjar(LIBRARY, SCRIPT),
                    STYLE,
                    StaticFiles.webjar(LIBRARY, STYLE)));

    void index(Context context) {
        files.write(context, INDEX);
    }

    void file(Context context) {
        files.write(context, context.pathParam("file"));
    }

    /** The document, with the version that runs. */
    void document(Context context) {
        try (InputStream stream = DocsRoutes.class.getClassLoader().getResourceAsStream(FOLDER + "openapi.json")) {
            ObjectNode document = (ObjectNode) JsonBody.MAPPER.readTree(stream);
            ((ObjectNode) document.path("info")).put("version", Version.ortune());
            Answers.write(context, document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

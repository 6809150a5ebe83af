package dev.ortune.server.http;

import dev.ortune.server.Sha256;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;

/**
 * Lets nobody in without a key, except to what load balancers and Prometheus ask, as text-embeddings-inference does, and to the
 * files of the page and the documentation: none of it tells what was asked or answered.
 */
final class ApiKeys {
    private static final Set<String> OPEN = Set.of(
            "/", "/docs", "/openapi.json", "/health", "/ping", "/metrics", "/v2/health/live", "/v2/health/ready");
    private static final List<String> OPEN_FOLDERS = List.of("/page/", "/docs/");
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> digests;

    ApiKeys(List<String> keys) {
        digests = keys.stream().map(ApiKeys::digest).toList();
    }

    /** Refuses a request that needs a key and brings none that is right. */
    void check(Context context) {
        if (digests.isEmpty() || isOpen(context) || isRight(context.header("Authorization"))) {
            return;
        }
        context.header("WWW-Authenticate", "Bearer");
        throw new RequestException(
                ErrorType.UNAUTHORIZED, "this server wants its API key, as \"Authorization: Bearer KEY\"");
    }

    private static boolean isOpen(Context context) {
        // Browsers ask for leave, with OPTIONS, before they send what a page told them to, and bring no key for that.
        return context.method().equals(HandlerType.OPTIONS)
                || OPEN.contains(context.path())
                || OPEN_FOLDERS.stream().anyMatch(context.path()::startsWith);
    }

    /** Takes as long for every key; how long the right one is cannot be told from it either. */
    private boolean isRight(String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = digest(authorization.substring(SCHEME.length()));
        boolean right = false;
        for (byte[] digest : digests) {
            right |= MessageDigest.isEqual(digest, given);
        }
        return right;
    }

    private static byte[] digest(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }
}

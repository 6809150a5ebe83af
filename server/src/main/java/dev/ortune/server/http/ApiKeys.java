package dev.ortune.server.http;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.files.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/**
 * Lets nobody in without a key, except to what load balancers and Prometheus ask, as text-embeddings-inference does, and to the
 * files of the page and the documentation: none of it tells what was asked or answered.
 */
final class ApiKeys {
    private static final String PAGE = "/";

    private static final Set<String> OPEN =
            Set.of("/docs", "/openapi.json", "/health", "/ping", "/metrics", "/v2/health/live", "/v2/health/ready");
    private static final List<String> OPEN_FOLDERS = List.of("/page/", "/docs/");
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> digests;

    ApiKeys(List<String> keys) {
        digests = keys.stream().map(ApiKeys::digest).toList();
    }

    /**
     * Looks at a request before its body is read.
     *
     * @throws RequestException when it needs a key and brings none that is right
     */
    void check(Request request) {
        if (digests.isEmpty() || isOpen(request) || isRight(request.getHeaders().get(HttpHeader.AUTHORIZATION))) {
            return;
        }
        throw new RequestException(
                ErrorType.UNAUTHORIZED, "this server wants its API key, as \"Authorization: Bearer KEY\"");
    }

    private static boolean isOpen(Request request) {
        String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
        // Browsers ask for leave, with OPTIONS, before they send what a page told them to, and bring no key for that.
        return HttpMethod.OPTIONS.is(request.getMethod())
                || OPEN.contains(path)
                // What is posted there is a question to a model.
                || (path.equals(PAGE) && !HttpMethod.POST.is(request.getMethod()))
                || OPEN_FOLDERS.stream().anyMatch(path::startsWith);
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

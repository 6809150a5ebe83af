package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * GET requests that follow redirects themselves, so that a token goes to the endpoint it belongs to and nowhere else.
 */
final class Http {
    private static final int MAX_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private final URI endpoint;
    private final String token;

    /**
     * @param endpoint the only scheme, host and port that the token is sent to
     * @param token bearer token, or the empty string for none
     */
    Http(URI endpoint, String token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /**
     * An answer that is no redirect; its body has to be closed.
     *
     * @param last the answer itself
     * @param first the headers of the first answer, which may be a redirect's
     */
    record Answer(HttpResponse<InputStream> last, HttpHeaders first) {
        int status() {
            return last.statusCode();
        }

        /** A header of the answer itself, or the empty string. */
        String lastHeader(String name) {
            return last.headers().firstValue(name).orElse("");
        }

        /** A header of the first answer, which the hub gives, or else of the last; or the empty string. */
        String header(String name) {
            return first.firstValue(name).orElseGet(() -> lastHeader(name));
        }
    }

    Answer get(URI uri, Map<String, String> headers) throws IOException {
        HttpResponse<InputStream> response = send(uri, headers);
        HttpHeaders first = response.headers();
        URI at = uri;
        for (int hop = 0; REDIRECTS.contains(response.statusCode()); hop++) {
            response.body().close();
            if (hop == MAX_REDIRECTS) {
                throw new OrtuneException(uri + " redirects more than " + MAX_REDIRECTS + " times");
            }
            at = redirected(at, response.headers().firstValue("Location").orElse(""));
            response = send(at, headers);
        }
        return new Answer(response, first);
    }

    private HttpResponse<InputStream> send(URI uri, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(1))
                .header("User-Agent", "ortune")
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (!token.isEmpty() && sameOrigin(uri, endpoint)) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new UnreachableException(uri.getHost(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrtuneException("Interrupted while waiting for " + uri.getHost(), e);
        }
    }

    private static URI redirected(URI from, String location) {
        try {
            URI to = from.resolve(location);
            boolean safe = "https".equals(to.getScheme()) || ("http".equals(to.getScheme()) && !isHttps(from));
            if (!location.isEmpty() && safe && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Said below.
        }
        throw new OrtuneException(from + " redirects to \"" + location + "\", which is not followed");
    }

    private static boolean isHttps(URI uri) {
        return "https".equals(uri.getScheme());
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isHttps(uri) ? 443 : 80;
    }
}

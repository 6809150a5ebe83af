package dev.ortune.server.jetty;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.files.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** How a request's body is packed, by its {@code Content-Encoding}. */
enum Packing {
    NONE {
        @Override
        InputStream open(byte[] packed) {
            return new ByteArrayInputStream(packed);
        }
    },
    GZIP {
        @Override
        InputStream open(byte[] packed) throws IOException {
            return new GZIPInputStream(new ByteArrayInputStream(packed));
        }
    },
    DEFLATE {
        /** What the name stands for has zlib's two bytes before it; some clients leave them out, and browsers take both. */
        @Override
        InputStream open(byte[] packed) {
            boolean wrapped = packed.length > 1
                    && (packed[0] & 0x0f) == 8
                    && ((packed[0] & 0xff) << 8 | (packed[1] & 0xff)) % 31 == 0;
            return new InflaterInputStream(new ByteArrayInputStream(packed), new Inflater(!wrapped)) {
                /** An inflater that is given is not ended otherwise, and holds memory outside Java's. */
                @Override
                public void close() throws IOException {
                    super.close();
                    inf.end();
                }
            };
        }
    };

    /** What a client may use, as {@code Accept-Encoding} lists it. */
    static final String ACCEPTED = "gzip, deflate";

    /**
     * That of a request.
     *
     * @throws RequestException when it is none of these
     */
    static Packing of(Request request) {
        if (!request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
            return NONE;
        }
        String name = String.join(", ", request.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING));
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> NONE;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default ->
                throw new RequestException(
                        ErrorType.UNSUPPORTED_ENCODING,
                        "Content-Encoding is " + Printable.of(name) + "; bodies are taken as they are, or packed with "
                                + ACCEPTED.replace(", ", " or "));
        };
    }

    /** The body as it was before. */
    abstract InputStream open(byte[] packed) throws IOException;
}

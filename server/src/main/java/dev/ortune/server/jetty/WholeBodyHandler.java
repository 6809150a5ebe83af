package dev.ortune.server.jetty;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Reads a request's whole body, without a thread that waits for it, before the next handler sees the request, and unpacks it:
 * the limits count for what is in it, too. The body of a
 * request that is refused is read to its end and thrown away before it is answered: an answer to a client that still sends is
 * lost when the connection is closed on what it has sent.
 */
public final class WholeBodyHandler extends Handler.Wrapper {
    /** A client that sends still more than this is not listened to any longer. */
    private static final long MOST_DISCARDED = 64L << 20;

    /** Bytes that are unpacked at a time. */
    private static final int PART = 1 << 13;

    private final Consumer<Request> check;
    private final long limit;
    private final long room;
    private final AtomicLong held = new AtomicLong();

    /**
     * Not started yet.
     *
     * @param check looks at a request before its body is read, and throws a {@link RequestException} to refuse it
     * @param limit of a body, in bytes, packed and unpacked
     * @param room of the bodies of all requests that are not answered yet, in bytes; one has room always
     */
    public WholeBodyHandler(Consumer<Request> check, long limit, long room) {
        this.check = check;
        this.limit = limit;
        this.room = Math.max(limit, room);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Reading reading = new Reading(request, response, callback);
        Request.addCompletionListener(request, failure -> reading.forget());
        // Who waits for "100 Continue" has not sent the body yet, and reading would ask for it.
        boolean waits = request.getHeaders().contains(HttpHeader.EXPECT);
        if (reading.refusal != null && (waits || request.getLength() > MOST_DISCARDED)) {
            reading.answer();
        } else {
            reading.read(Runnable::run);
        }
        return true;
    }

    /** What is wrong with a request, as far as its head tells; null where nothing is. */
    private RequestException refusal(Request request) {
        try {
            check.accept(request);
            Packing.of(request);
            return request.getLength() > limit ? tooLarge() : null;
        } catch (RequestException e) {
            return e;
        }
    }

    private RequestException tooLarge() {
        return new RequestException(ErrorType.TOO_LARGE, "the body has more than " + limit + " bytes");
    }

    private void handleWhole(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception e) {
            Response.writeError(request, response, callback, e);
        }
    }

    /** One body on its way. */
    private final class Reading implements Runnable {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final ClientEndPoint client;
        private ByteArrayOutputStream body = new ByteArrayOutputStream();
        private RequestException refusal;
        private long length;
        private long kept;

        Reading(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.client = ClientEndPoint.of(request);
            this.refusal = refusal(request);
        }

        /** More of it is here; the selector's thread must not be the one that answers. */
        @Override
        public void run() {
            read(request.getContext());
        }

        void read(Executor answering) {
            Content.Chunk chunk = request.read();
            while (chunk != null) {
                if (Content.Chunk.isFailure(chunk)) {
                    Content.Chunk failure = chunk;
                    answering.execute(() -> answer(failure));
                    return;
                }
                take(chunk);
                if (chunk.isLast() || (refusal != null && length > MOST_DISCARDED)) {
                    answering.execute(this::answer);
                    return;
                }
                chunk = request.read();
            }
            request.demand(this);
        }

        private void take(Content.Chunk chunk) {
            int bytes = chunk.remaining();
            length += bytes;
            if (refusal == null && length > limit) {
                refuse(tooLarge());
            }
            keep(bytes);
            if (refusal == null) {
                body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
            }
            chunk.release();
        }

        /** Makes sure that there is room for so many bytes more. */
        private void keep(int bytes) {
            if (refusal == null && held.get() + bytes > room) {
                refuse(new RequestException(ErrorType.OVERLOADED, "too many large requests at the same time"));
            }
            if (refusal == null) {
                held.addAndGet(bytes);
                kept += bytes;
            }
        }

        /** Unpacks the body a little at a time, so that a small one that holds a huge one is found out before it is huge. */
        private byte[] unpacked(Packing packing, byte[] packed) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(2 * packed.length);
            byte[] part = new byte[PART];
            try (InputStream in = packing.open(packed)) {
                for (int read = in.read(part); read >= 0 && refusal == null; read = in.read(part)) {
                    keep(read);
                    whole.write(part, 0, read);
                    if (refusal == null && whole.size() > limit) {
                        refuse(new RequestException(
                                ErrorType.TOO_LARGE, "the body has more than " + limit + " bytes when it is unpacked"));
                    }
                }
            } catch (IOException e) {
                String name = packing.name().toLowerCase(Locale.ROOT);
                refuse(new RequestException(ErrorType.BAD_REQUEST, "the body is not packed with " + name, e));
            }
            return whole.toByteArray();
        }

        private void refuse(RequestException why) {
            refusal = why;
            body = null;
            forget();
            if (client != null) {
                client.refused();
            }
        }

        /** Its bytes are not needed any more. */
        void forget() {
            held.addAndGet(-kept);
            kept = 0;
        }

        void answer() {
            byte[] bytes = refusal == null ? body.toByteArray() : new byte[0];
            body = null;
            Packing packing = refusal == null ? Packing.of(request) : Packing.NONE;
            if (packing != Packing.NONE && bytes.length > 0) {
                bytes = unpacked(packing, bytes);
            }
            answer(Content.Chunk.from(ByteBuffer.wrap(bytes), true));
        }

        /** With the body, or with why it broke off. */
        private void answer(Content.Chunk whole) {
            if (client != null && request.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange exchange) {
                client.received(exchange);
            }
            if (refusal == null) {
                handleWhole(new WholeRequest(request, whole), response, callback);
            } else {
                Response.writeError(request, response, callback, refusal.type().status(), refusal.getMessage());
            }
        }
    }

    /** A request with its body at hand, unpacked, or with what made it break off. */
    private static final class WholeRequest extends Request.Wrapper {
        private final HttpFields headers;
        private final long length;
        private Content.Chunk body;

        WholeRequest(Request request, Content.Chunk body) {
            super(request);
            this.body = body;
            boolean packed = request.getHeaders().contains(HttpHeader.CONTENT_ENCODING);
            this.length = packed ? body.remaining() : request.getLength();
            this.headers = packed
                    ? HttpFields.build(request.getHeaders())
                            .remove(HttpHeader.CONTENT_ENCODING)
                            .put(HttpHeader.CONTENT_LENGTH, length)
                    : request.getHeaders();
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }

        @Override
        public long getLength() {
            return length;
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk chunk = body;
            if (chunk == null) {
                return super.read(); // After a failure that was not the end.
            }
            body = Content.Chunk.next(chunk);
            return chunk;
        }

        @Override
        public void demand(Runnable action) {
            if (body == null) {
                super.demand(action);
            } else {
                getContext().run(action);
            }
        }
    }
}

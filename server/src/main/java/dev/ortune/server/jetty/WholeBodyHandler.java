package dev.ortune.server.jetty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Reads a request's whole body, without a thread that waits for it, before the next handler sees the request. A body that is too
 * large is answered with 413 after the rest of it has been read and thrown away: an answer to a client that still sends is
 * lost when the connection is closed on what it has sent.
 */
public final class WholeBodyHandler extends Handler.Wrapper {
    /** A client that sends still more than this is not listened to any longer. */
    private static final long MOST_DISCARDED = 64L << 20;

    private final long limit;

    /**
     * Not started yet.
     *
     * @param limit of a body, in bytes
     */
    public WholeBodyHandler(long limit) {
        this.limit = limit;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        long length = request.getLength();
        // Who waits for "100 Continue" has not sent the body yet, and reading would ask for it.
        boolean waits = length > limit && request.getHeaders().contains(HttpHeader.EXPECT);
        if (waits || length > MOST_DISCARDED) {
            Response.writeError(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
        } else {
            new Reading(request, response, callback).read(Runnable::run);
        }
        return true;
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
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private long length;

        Reading(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
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
                    answering.execute(() -> handleWhole(new WholeRequest(request, failure), response, callback));
                    return;
                }
                take(chunk);
                if (chunk.isLast() || length > MOST_DISCARDED) {
                    answering.execute(this::answer);
                    return;
                }
                chunk = request.read();
            }
            request.demand(this);
        }

        private void take(Content.Chunk chunk) {
            length += chunk.remaining();
            if (length <= limit) {
                body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
            }
            chunk.release();
        }

        private void answer() {
            if (length > limit) {
                Response.writeError(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
            } else {
                Content.Chunk whole = Content.Chunk.from(ByteBuffer.wrap(body.toByteArray()), true);
                handleWhole(new WholeRequest(request, whole), response, callback);
            }
        }
    }

    /** A request with its body at hand, or with what made it break off. */
    private static final class WholeRequest extends Request.Wrapper {
        private Content.Chunk body;

        WholeRequest(Request request, Content.Chunk body) {
            super(request);
            this.body = body;
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

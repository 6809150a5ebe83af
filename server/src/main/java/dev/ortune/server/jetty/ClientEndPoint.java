package dev.ortune.server.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A client's connection that can be asked two things which HTTP/1.1 does not tell by itself: whether the client has hung up
 * while it has an answer to come, and for how long it has been sending a request. To learn the first, what the client may have sent
 * meanwhile is read ahead and kept for whoever reads next.
 */
final class ClientEndPoint extends SocketChannelEndPoint {
    private static final int AHEAD = 1024;

    private final Executor executor;
    private final Object reading = new Object();
    private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;
    private boolean ended;
    private volatile Exchange answering;
    private volatile long receivingSince = System.nanoTime();
    private volatile long lastRead = receivingSince;
    private volatile long idleSince = receivingSince;
    private volatile boolean receiving = true;

    ClientEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Executor executor) {
        super(channel, selector, key, scheduler);
        this.executor = executor;
    }

    /** The one that a request came by; null for one that did not come over the network. */
    static ClientEndPoint of(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap();
        }
        return endPoint instanceof ClientEndPoint client ? client : null;
    }

    /** What is still to come of a request is read only to be thrown away, for which it has as long as it had for all of it. */
    void refused() {
        receivingSince = System.nanoTime();
    }

    /** All of a request is here. */
    void received(Exchange exchange) {
        answering = exchange;
        receiving = false;
    }

    /** It has been answered, or never will be. */
    void answered(Exchange exchange) {
        // First, or a server that ends could take the connection for one that has long been idle.
        idleSince = System.nanoTime();
        if (answering == exchange) {
            answering = null;
        }
        receiving = false;
    }

    /** Nanoseconds that a request has been under way, or 0; a new connection is expected to send one. */
    long receiving() {
        return receiving && answering == null ? System.nanoTime() - receivingSince : 0;
    }

    /** Nanoseconds since the last byte of a request that is not all here, or of a new connection's beginning; or 0. */
    long stalled() {
        return receiving && answering == null ? System.nanoTime() - lastRead : 0;
    }

    /** Nanoseconds since the last answer if nothing has come since, or 0. */
    long idle() {
        return receiving || answering != null ? 0 : System.nanoTime() - idleSince;
    }

    /** The request that waits for its answer, or null. */
    Exchange answering() {
        return answering;
    }

    /**
     * Whether the client has closed the connection, or its side of it. Of a connection that Jetty waits to read from nothing is
     * read here, since the selector would not wake for it any more; Jetty learns by itself then.
     */
    boolean hasHungUp() {
        synchronized (reading) {
            if (getFillInterest().isInterested()) {
                return false;
            }
            if (!ended && !ahead.hasRemaining()) {
                ahead = ByteBuffer.allocate(AHEAD);
                ahead.flip();
            }
            if (!ended && ahead.limit() < ahead.capacity()) {
                readAhead();
            }
            return ended;
        }
    }

    private void readAhead() {
        int position = ahead.position();
        ahead.position(ahead.limit()).limit(ahead.capacity());
        try {
            ended = getChannel().read(ahead) < 0;
        } catch (IOException reset) {
            ended = true;
        }
        ahead.limit(ahead.position()).position(position);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        synchronized (reading) {
            int filled = ahead.hasRemaining() ? BufferUtil.append(buffer, ahead) : super.fill(buffer);
            if (filled > 0) {
                lastRead = System.nanoTime();
                if (!receiving && answering == null) {
                    receivingSince = lastRead;
                    receiving = true;
                }
            }
            return filled;
        }
    }

    /** The selector would wait for bytes that have been read already; nothing is read ahead before it has been told. */
    @Override
    protected void needsFillInterest() {
        synchronized (reading) {
            if (ended || ahead.hasRemaining()) {
                executor.execute(() -> getFillInterest().fillable());
            } else {
                super.needsFillInterest();
            }
        }
    }
}

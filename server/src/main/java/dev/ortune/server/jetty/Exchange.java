package dev.ortune.server.jetty;

import dev.ortune.predictor.ErrorType;
import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Request;

/**
 * One request and its answer, as metrics and the access log see them. Routes write down what they learn; everything else is
 * known to Jetty. Fields that nobody wrote down are 0 or null: then the request was none for a model.
 */
public final class Exchange {
    /** Of the request, where this object is. */
    public static final String ATTRIBUTE = "dev.ortune.exchange";

    /** In place of an action once the client has hung up. */
    private static final Runnable GONE = Exchange::nothing;

    private final Request request;
    private final String requestId;
    private final TraceContext trace;
    private final long start = System.nanoTime();
    private final AtomicReference<Runnable> whenGone = new AtomicReference<>();
    private volatile String model;
    private volatile boolean batch;
    private volatile int[] lengths = {};
    private volatile Times times;
    private volatile int generated;
    private volatile ErrorType failure;

    /**
     * Where a request's time went.
     *
     * @param tokenization of all its texts
     * @param queue the longest that one of its texts waited for its batch
     * @param inference the longest run of a batch with one of its texts
     */
    public record Times(Duration tokenization, Duration queue, Duration inference) {}

    Exchange(Request request, String requestId, TraceContext trace) {
        this.request = request;
        this.requestId = requestId;
        this.trace = trace;
    }

    /** The one that {@code request} belongs to. */
    public static Exchange of(ServletRequest request) {
        return (Exchange) request.getAttribute(ATTRIBUTE);
    }

    /** It asks a model. */
    public void asks(String name, int texts) {
        model = name;
        batch |= texts > 1;
    }

    /** Its texts are a list, of however many. */
    public void batched() {
        batch = true;
    }

    /** Its texts are tokens now: so many each, special ones included. */
    public void tokenized(int[] tokens) {
        lengths = tokens;
    }

    public void answered(Times where) {
        times = where;
    }

    /** A text was written, of so many tokens. */
    public void generated(int tokens) {
        generated = tokens;
    }

    public void failed(ErrorType type) {
        failure = type;
    }

    /** Has {@code action} run once when the client hangs up before it has its answer, which may be at once. */
    public void whenGone(Runnable action) {
        if (!whenGone.compareAndSet(null, action)) {
            action.run(); // It has done so already.
        }
    }

    private static void nothing() {}

    /** The client has hung up. */
    void gone() {
        Runnable action = whenGone.getAndSet(GONE);
        if (action != null) {
            action.run();
        }
    }

    public boolean isGone() {
        return whenGone.get() == GONE;
    }

    /** The name of the model asked, or null. */
    public String model() {
        return model;
    }

    /** Whether the request was for a list of texts. */
    public boolean batch() {
        return batch;
    }

    /** Tokens of each text, {@code [texts]}; empty before they are known. */
    public int[] lengths() {
        return lengths;
    }

    /** Null unless it was answered. */
    public Times times() {
        return times;
    }

    /** Tokens of the text that was written; 0 unless one was. */
    public int generated() {
        return generated;
    }

    /** What went wrong, or null. */
    public ErrorType failure() {
        return failure;
    }

    /** How long it has been here. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    public Request request() {
        return request;
    }

    /** The client's own, or one made here. */
    public String requestId() {
        return requestId;
    }

    public TraceContext trace() {
        return trace;
    }
}

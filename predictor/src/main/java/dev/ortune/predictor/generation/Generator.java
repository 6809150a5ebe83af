package dev.ortune.predictor.generation;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.RequestException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Goes on with the texts of many requests on a thread of its own: those that are under way get a token each in turn, so that a long
 * text does not hold up a short one; others wait for one to end. Classifiers beside it have their own threads.
 */
public final class Generator implements AutoCloseable {
    private final TextDecoder decoder;
    private final Function<long[], String> decode;
    private final Set<Long> ends;
    private final int mostUnderWay;
    private final int mostWaiting;
    private final Deque<Generation> waiting = new ArrayDeque<>();
    private final Set<Generation> underWay = new LinkedHashSet<>();
    private final Thread thread;
    private boolean closed;

    /**
     * Starts it.
     *
     * @param decoder closed with it
     * @param decode the text of tokens
     * @param ends tokens that end a text
     * @param mostUnderWay texts that get tokens in turn
     * @param mostWaiting texts that may wait for that
     */
    public Generator(
            TextDecoder decoder, Function<long[], String> decode, Set<Long> ends, int mostUnderWay, int mostWaiting) {
        this.decoder = decoder;
        this.decode = decode;
        this.ends = Set.copyOf(ends);
        this.mostUnderWay = mostUnderWay;
        this.mostWaiting = mostWaiting;
        this.thread = new Thread(this::run, "generation");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Goes on with a text.
     *
     * @param prompt its tokens, one at least
     * @return stops it
     * @throws RequestException when too many wait, or the prompt leaves no room for another token
     */
    public Runnable submit(long[] prompt, GenerationParameters parameters, GenerationListener listener) {
        if (decoder.room(prompt.length) < 1) {
            throw new RequestException(
                    ErrorType.VALIDATION,
                    "`inputs` tokens + `max_new_tokens` must fit the model; its " + prompt.length
                            + " tokens leave no room for another");
        }
        Generation generation = new Generation(prompt, parameters, listener, new GrowingText(decode));
        synchronized (this) {
            if (closed || waiting.size() >= mostWaiting) {
                throw new RequestException(ErrorType.OVERLOADED, "Model is overloaded");
            }
            waiting.add(generation);
            notifyAll();
        }
        return () -> cancel(generation);
    }

    /** One that waits goes at once; one under way before its next token. */
    private void cancel(Generation generation) {
        generation.cancel();
        synchronized (this) {
            waiting.remove(generation);
        }
    }

    /** Texts that wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    private void run() {
        while (next()) {
            for (Iterator<Generation> each = underWay.iterator(); each.hasNext(); ) {
                if (!each.next().step(decoder, ends)) {
                    each.remove();
                }
            }
        }
        RequestException gone = new RequestException(ErrorType.BACKEND, "the model is going away");
        underWay.forEach(generation -> generation.fail(gone));
        underWay.clear();
        decoder.close();
    }

    /** Lets as many begin as may; waits where there is nothing to do. Whether there will be more. */
    private synchronized boolean next() {
        while (!closed && underWay.isEmpty() && waiting.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        while (!waiting.isEmpty() && underWay.size() < mostUnderWay) {
            underWay.add(waiting.remove());
        }
        return !closed;
    }

    /** Ends what is under way, and waits until the thread has ended. */
    @Override
    public void close() {
        Deque<Generation> left;
        synchronized (this) {
            closed = true;
            left = new ArrayDeque<>(waiting);
            waiting.clear();
            notifyAll();
        }
        left.forEach(generation -> generation.fail(new RequestException(ErrorType.BACKEND, "the model is going away")));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

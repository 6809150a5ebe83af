package dev.ortune.predictor.batch;

import ai.onnxruntime.OrtException;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.text.EncodedText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts texts of many requests together, without waiting for any: whatever has gathered when a run ends makes the next
 * batch: the oldest text and those that {@link BatchPlan} runs beside it. A batch has all cores to itself where there is no
 * other, and beside others one: cores that each run a batch of their own never wait for each other. While texts come
 * one at a time, the thread that brings one runs it itself and waits for no other to wake up; where several come together, the
 * time that takes lets them gather. The queue is
 * bounded; a text that nobody waits for any more is dropped before it is run.
 */
public final class Batcher implements AutoCloseable {
    /** Computes the logits of a batch, a row a text. */
    @FunctionalInterface
    public interface Model {
        float[][] run(List<EncodedText> batch) throws OrtException;
    }

    private final Model alone;
    private final Model beside;
    private final BatchPlan plan;
    private final int capacity;
    private final List<Thread> workers = new ArrayList<>();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final int most;
    private int running;

    /** Texts of the batch that began last. */
    private int latest = 1;

    private volatile BatchListener listener = BatchListener.NONE;
    private boolean closed;

    private record Waiting(EncodedText text, long since, CompletableFuture<Prediction> answer) {}

    /** Texts that were taken from the queue, and what is to run them; no texts once all is done and the batcher closed. */
    private record Batch(List<Waiting> texts, Model model) {
        static final Batch NONE = new Batch(List.of(), null);
    }

    /**
     * Starts it.
     *
     * @param alone runs a batch beside which nothing else is to be done
     * @param beside runs one beside others
     * @param plan which of those that wait run together
     * @param capacity the most texts that may wait
     * @param workers batches that run at the same time
     */
    public Batcher(Model alone, Model beside, BatchPlan plan, int capacity, int workers) {
        this.alone = alone;
        this.beside = beside;
        this.plan = plan;
        this.capacity = capacity;
        this.most = workers;
        try {
            for (int i = 0; i < workers; i++) {
                Thread worker = new Thread(this::work, "inference-" + i);
                worker.setDaemon(true);
                worker.start();
                this.workers.add(worker);
            }
        } catch (Error noThread) {
            close();
            throw noThread;
        }
    }

    /**
     * Takes all texts of a request, or none. Returns at once, but for a single text that came alone: then it has been
     * run.
     *
     * @return an answer each; cancelled, a text that has not been run is not run
     * @throws RequestException when the queue is full
     */
    public List<CompletableFuture<Prediction>> submit(List<EncodedText> texts) {
        long now = System.nanoTime();
        List<CompletableFuture<Prediction>> answers = new ArrayList<>(texts.size());
        Batch own = Batch.NONE;
        lock.lock();
        try {
            if (closed) {
                throw new RequestException(ErrorType.UNHEALTHY, "The model is being taken away");
            }
            dropWhatNobodyWaitsFor();
            if (queue.size() + texts.size() > capacity) {
                throw new RequestException(ErrorType.OVERLOADED, "Model is overloaded");
            }
            for (EncodedText text : texts) {
                CompletableFuture<Prediction> answer = new CompletableFuture<>();
                queue.add(new Waiting(text, now, answer));
                answers.add(answer);
            }
            if (running == 0 && texts.size() == 1 && latest == 1) {
                own = next();
            } else {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
        if (!own.texts.isEmpty()) {
            run(own);
        }
        return answers;
    }

    /** Tells {@code heard} of all that happens from now on. */
    public void listen(BatchListener heard) {
        listener = heard;
    }

    /** Texts that wait. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Until the batcher is closed and all is done. */
    private void work() {
        for (Batch batch = awaited(); !batch.texts.isEmpty(); batch = awaited()) {
            run(batch);
        }
    }

    /** The next batch, waited for; none once all is done and the batcher closed. */
    private Batch awaited() {
        lock.lock();
        try {
            while (true) {
                Batch batch = running < most ? next() : Batch.NONE;
                if (!batch.texts.isEmpty()) {
                    return batch;
                }
                if (closed && queue.isEmpty()) {
                    arrived.signalAll();
                    return Batch.NONE;
                }
                arrived.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next batch; none where nothing waits, or where none can be made, for want of memory perhaps: then all that wait fail. */
    private Batch next() {
        try {
            dropWhatNobodyWaitsFor();
            return queue.isEmpty() ? Batch.NONE : take();
        } catch (Throwable e) {
            List<Waiting> lost = List.copyOf(queue);
            queue.clear();
            fail(lost, e);
            return Batch.NONE;
        }
    }

    private void dropWhatNobodyWaitsFor() {
        int before = queue.size();
        if (queue.removeIf(waiting -> waiting.answer.isDone())) {
            listener.dropped(before - queue.size());
        }
    }

    /** The oldest text, and those that are best run beside it; they count as running from now on. */
    private Batch take() {
        Waiting oldest = queue.peek();
        List<Waiting> byLength = new ArrayList<>(queue);
        byLength.sort(Comparator.comparingInt(waiting -> waiting.text.length()));
        int[] lengths =
                byLength.stream().mapToInt(waiting -> waiting.text.length()).toArray();
        int[] run = plan.run(lengths, byLength.indexOf(oldest));
        List<Waiting> texts = byLength.subList(run[0], run[1]);
        remove(texts);
        boolean more = !queue.isEmpty();
        if (more) {
            arrived.signal();
        }
        Batch batch = new Batch(texts, more || running > 0 ? beside : alone);
        running++;
        latest = texts.size();
        return batch;
    }

    private void remove(List<Waiting> batch) {
        Set<Waiting> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        taken.addAll(batch);
        queue.removeIf(taken::contains);
    }

    /** Whatever is thrown, an Error too, costs the texts at hand and not the thread, which others need. */
    private void run(Batch batch) {
        List<Waiting> texts = batch.texts;
        try {
            listener.next(
                    texts.size(),
                    texts.stream().mapToInt(waiting -> waiting.text.length()).sum());
            answer(batch.model, texts, System.nanoTime());
        } catch (Throwable e) {
            fail(texts, e);
        } finally {
            ended();
        }
    }

    private void ended() {
        lock.lock();
        try {
            running--;
            if (running == 0) {
                idle.signalAll();
            }
            if (!queue.isEmpty()) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs texts together; when that fails, each half by itself: one that the model cannot take beside others, or not at all, is
     * found so, and costs nobody else an answer.
     *
     * @param start when the batch began
     */
    private static void answer(Model model, List<Waiting> texts, long start) {
        float[][] logits;
        try {
            logits = model.run(texts.stream().map(Waiting::text).toList());
        } catch (OrtException e) {
            if (texts.size() == 1) {
                fail(texts, e);
                return;
            }
            int half = texts.size() / 2;
            answer(model, texts.subList(0, half), start);
            answer(model, texts.subList(half, texts.size()), start);
            return;
        }
        Duration inference = Duration.ofNanos(System.nanoTime() - start);
        for (int i = 0; i < texts.size(); i++) {
            Waiting waiting = texts.get(i);
            Duration queued = Duration.ofNanos(start - waiting.since);
            waiting.answer.complete(new Prediction(logits[i], waiting.text, queued, inference));
        }
    }

    private static void fail(List<Waiting> texts, Throwable e) {
        String why = e instanceof Error ? e.toString() : e.getMessage();
        RequestException failure = new RequestException(ErrorType.BACKEND, "The model failed: " + why, e);
        texts.forEach(waiting -> waiting.answer.completeExceptionally(failure));
    }

    /** Answers what waits, takes nothing new, and returns when all is answered. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        lock.lock();
        try {
            while (running > 0) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}

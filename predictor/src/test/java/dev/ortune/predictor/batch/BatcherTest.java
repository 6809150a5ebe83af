package dev.ortune.predictor.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.text.EncodedText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A batcher before a model that notes its batches and answers with each text's first token, once it may. */
@Timeout(30)
class BatcherTest {
    private static final int POISON = -1;

    /** Thrown at a text that begins with -2, -3 or -4. */
    private static final List<Error> ERRORS = List.of(
            new OutOfMemoryError("Java heap space"),
            new NoClassDefFoundError("ai/onnxruntime/OrtSession"),
            new StackOverflowError());

    private final List<List<Integer>> lengths = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch mayRun = new CountDownLatch(1);
    private CompletableFuture<Prediction> first;
    private final Batcher batcher = new Batcher(this::run, this::run, new BatchPlan(40, BatchPlan.CPU_START), 8, 1);

    private float[][] run(List<EncodedText> batch) throws OrtException {
        lengths.add(batch.stream().map(EncodedText::length).toList());
        started.countDown();
        try {
            mayRun.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (batch.stream().anyMatch(text -> text.ids()[0] == POISON)) {
            throw new OrtException("poisoned");
        }
        if (batch.get(0).ids()[0] < POISON) {
            throw ERRORS.get((int) (POISON - 1 - batch.get(0).ids()[0]));
        }
        return batch.stream().map(text -> new float[] {text.ids()[0]}).toArray(float[][]::new);
    }

    @AfterEach
    void close() {
        mayRun.countDown();
        batcher.close();
    }

    /** Keeps the model busy, so that what comes next gathers. */
    private void occupy() throws InterruptedException {
        first = elsewhere(batcher, text(0, 3));
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Where nothing runs, who brings a text runs it: brought by a thread of its own. */
    private static CompletableFuture<Prediction> elsewhere(Batcher batcher, EncodedText text) {
        CompletableFuture<Prediction> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> answer.complete(batcher.submit(List.of(text)).get(0).join()));
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    @Test
    void whatGathersMakesBatchesOfLikeLengthsWithinTheBudget() throws InterruptedException {
        occupy();
        List<CompletableFuture<Prediction>> answers =
                batcher.submit(List.of(text(1, 10), text(2, 19), text(3, 9), text(4, 11), text(5, 20), text(6, 50)));
        mayRun.countDown();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join().logits()).containsExactly(i + 1f);
        }
        // 3 x 11 tokens fit into 40, the fourth would make 4 x 19; the text of 50 is over the budget and runs alone.
        assertThat(lengths).containsExactly(List.of(3), List.of(9, 10, 11), List.of(19, 20), List.of(50));
    }

    @Test
    void theOldestIsInEveryBatchSoNobodyStarves() throws InterruptedException {
        occupy();
        CompletableFuture<Prediction> odd = batcher.submit(List.of(text(7, 35))).get(0);
        batcher.submit(List.of(text(1, 5), text(2, 5), text(3, 5)));
        mayRun.countDown();
        assertThat(odd.join().logits()).containsExactly(7f);
        assertThat(lengths.get(1)).containsExactly(35);
    }

    @Test
    void aFullQueueTakesAllOfARequestOrNothing() throws InterruptedException {
        occupy();
        batcher.submit(texts(6));
        assertThatThrownBy(() -> batcher.submit(texts(3)))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.OVERLOADED));
        assertThat(batcher.waiting()).isEqualTo(6);
        batcher.submit(texts(2));
    }

    @Test
    void whatNobodyWaitsForIsNotRunAndMakesRoom() throws InterruptedException {
        occupy();
        batcher.submit(texts(8)).forEach(answer -> answer.cancel(false));
        List<CompletableFuture<Prediction>> later = batcher.submit(texts(2));
        mayRun.countDown();
        later.forEach(CompletableFuture::join);
        assertThat(lengths).containsExactly(List.of(3), List.of(4, 4));
    }

    @Test
    void aFailureHitsItsBatchAlone() throws InterruptedException {
        occupy();
        List<CompletableFuture<Prediction>> poisoned = batcher.submit(List.of(text(POISON, 30), text(1, 30)));
        mayRun.countDown();
        assertThat(first.join().logits()).containsExactly(0f);
        assertThatThrownBy(() -> poisoned.get(0).join()).hasRootCauseMessage("poisoned");
        assertThat(poisoned.get(1).join().logits()).containsExactly(1f);
    }

    /** A text that a model takes alone but not beside others, or not at all, costs nobody else an answer. */
    @Test
    void aTextThatFailsInABatchCostsOnlyItself() throws InterruptedException {
        occupy();
        List<CompletableFuture<Prediction>> answers =
                batcher.submit(List.of(text(1, 5), text(2, 5), text(POISON, 5), text(4, 5), text(5, 5)));
        mayRun.countDown();
        assertThatThrownBy(() -> answers.get(2).join()).hasRootCauseMessage("poisoned");
        for (int i : new int[] {0, 1, 3, 4}) {
            assertThat(answers.get(i).join().logits()).containsExactly(i + 1f);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-2, java.lang.OutOfMemoryError: Java heap space",
        "-3, java.lang.NoClassDefFoundError: ai/onnxruntime/OrtSession",
        "-4, java.lang.StackOverflowError"
    })
    void anErrorFailsItsBatchAndTheNextIsAnswered(int first, String message) {
        mayRun.countDown();
        CompletableFuture<Prediction> failed =
                batcher.submit(List.of(text(first, 3))).get(0);
        assertThatThrownBy(failed::join)
                .hasCauseInstanceOf(RequestException.class)
                .cause()
                .hasMessage("The model failed: " + message);
        assertThat(batcher.submit(List.of(text(5, 3))).get(0).join().logits()).containsExactly(5f);
    }

    @Test
    void whatCannotBePutIntoABatchFailsAndTheNextIsAnswered() {
        mayRun.countDown();
        CompletableFuture<Prediction> failed =
                batcher.submit(Collections.singletonList(null)).get(0);
        assertThatThrownBy(failed::join).hasCauseInstanceOf(RequestException.class);
        assertThat(batcher.submit(List.of(text(5, 3))).get(0).join().logits()).containsExactly(5f);
    }

    @Test
    void closingAnswersWhatWaitsAndTakesNothingNew() throws InterruptedException {
        occupy();
        List<CompletableFuture<Prediction>> waiting = batcher.submit(texts(4));
        mayRun.countDown();
        batcher.close();
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThatThrownBy(() -> batcher.submit(texts(1))).isInstanceOf(RequestException.class);
    }

    @Test
    void whoBringsATextThatComesAloneRunsIt() {
        Thread main = Thread.currentThread();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        Batcher.Model noting = batch -> {
            threads.add(Thread.currentThread());
            return new float[batch.size()][1];
        };
        try (Batcher one = new Batcher(noting, noting, new BatchPlan(40, BatchPlan.CPU_START), 8, 1)) {
            CompletableFuture<Prediction> lone = one.submit(List.of(text(1, 5))).get(0);
            assertThat(lone).isCompleted();
            one.submit(List.of(text(2, 5), text(3, 5))).forEach(CompletableFuture::join);
            // Where several came just now, more may follow this one.
            one.submit(List.of(text(4, 5))).get(0).join();
        }
        assertThat(threads.get(0)).isSameAs(main);
        assertThat(threads.subList(1, threads.size())).hasSize(2).allMatch(thread -> thread.getName()
                .equals("inference-0"));
    }

    @Test
    void closingWaitsForWhatOthersRun() throws InterruptedException {
        occupy();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(batcher::close);
        assertThatThrownBy(() -> closed.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        mayRun.countDown();
        closed.join();
        first.join();
    }

    private static List<EncodedText> texts(int count) {
        return Collections.nCopies(count, text(9, 4));
    }

    private static EncodedText text(int first, int length) {
        long[] ids = new long[length];
        ids[0] = first;
        return new EncodedText(ids, new long[length]);
    }

    /** A batch alone has all cores; as soon as there is another, each has one. */
    @Test
    void aBatchAloneIsRunInAnotherWayThanOneBesideOthers() throws InterruptedException {
        BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        Semaphore mayEnd = new Semaphore(0);
        try (Batcher two = new Batcher(
                model("alone", begun, mayEnd), model("beside", begun, mayEnd), new BatchPlan(40, 0), 8, 2)) {
            CompletableFuture<Prediction> one = elsewhere(two, text(1, 5));
            assertThat(begun.take()).isEqualTo("alone");
            CompletableFuture<Prediction> other =
                    two.submit(List.of(text(2, 5))).get(0);
            assertThat(begun.take()).isEqualTo("beside");
            mayEnd.release(2);
            one.join();
            other.join();
            mayEnd.release(3);
            List<CompletableFuture<Prediction>> several = two.submit(List.of(text(3, 5), text(4, 30), text(5, 30)));
            several.forEach(CompletableFuture::join);
            // The last of the three may find the others done.
            assertThat(List.of(begun.take(), begun.take())).containsOnly("beside");
            begun.take();
            CompletableFuture<Prediction> last = elsewhere(two, text(6, 5));
            assertThat(begun.take()).isEqualTo("alone");
            mayEnd.release();
            last.join();
        }
    }

    private static Batcher.Model model(String name, BlockingQueue<String> begun, Semaphore mayEnd) {
        return batch -> {
            begun.add(name);
            mayEnd.acquireUninterruptibly();
            return new float[batch.size()][1];
        };
    }
}

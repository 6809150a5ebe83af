package dev.ortune.predictor.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.predictor.FinishReason;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.RequestException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts that take turns, wait, are given up and end, over a decoder that counts: after token n comes n + 1. */
@Timeout(30)
class GeneratorTest {
    private static final int VOCAB = 100;
    private static final long END = 9;

    /** Each step waits for leave. */
    private final Semaphore leave = new Semaphore(0);
    /** First tokens of the texts that got a token, in their order. */
    private final List<Long> turns = Collections.synchronizedList(new ArrayList<>());

    private final AtomicInteger open = new AtomicInteger();

    private final class Counting implements TextDecoder {
        @Override
        public Text begin(long[] prompt) {
            open.incrementAndGet();
            return new Text() {
                private long last = prompt[prompt.length - 1];

                @Override
                public float[][] logits() {
                    leave.acquireUninterruptibly();
                    turns.add(prompt[0]);
                    float[] logits = new float[VOCAB];
                    logits[(int) last + 1] = 1;
                    return new float[][] {logits};
                }

                @Override
                public void add(int[] rows, long[] tokens) {
                    last = tokens[0];
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }

        @Override
        public int room(int promptTokens) {
            return 50 - promptTokens;
        }

        @Override
        public long[] before(long[] prompt) {
            return prompt;
        }

        @Override
        public void close() {
            assertThat(open).hasValue(0);
        }
    }

    private Generator generator(int atOnce, int waiting) {
        return new Generator(new Counting(), ids -> "x".repeat(ids.length), Set.of(END), atOnce, waiting);
    }

    private static GenerationFuture submit(Generator generator, long first, int tokens) {
        GenerationFuture future = new GenerationFuture();
        future.cancelWith(generator.submit(new long[] {first}, GenerationParameters.greedy(tokens), future.listener()));
        return future;
    }

    private static List<Long> ids(GeneratedText text) {
        return text.tokens().stream().map(GeneratedToken::id).toList();
    }

    @Test
    void textsTakeTurnsAndEnd() {
        try (Generator generator = generator(2, 10)) {
            GenerationFuture one = submit(generator, 1, 4);
            GenerationFuture two = submit(generator, 20, 4);
            while (generator.waiting() > 1) {
                Thread.onSpinWait();
            }
            leave.release(8);
            assertThat(ids(one.join())).containsExactly(2L, 3L, 4L, 5L);
            assertThat(one.join().reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(ids(two.join())).containsExactly(21L, 22L, 23L, 24L);
            // The second one came in at the latest after the first one's second token.
            assertThat(turns.subList(2, 4)).contains(20L);
        }
    }

    @Test
    void aTokenEndsAText() {
        try (Generator generator = generator(1, 10)) {
            leave.release(10);
            GeneratedText text = submit(generator, 6, 10).join();
            assertThat(ids(text)).containsExactly(7L, 8L, END);
            assertThat(text.reason()).isEqualTo(FinishReason.END_OF_TEXT);
            assertThat(text.text()).isEqualTo("xx");
            assertThat(text.tokens().get(2).special()).isTrue();
        }
    }

    @Test
    void whatIsGivenUpMakesRoom() {
        try (Generator generator = generator(1, 1)) {
            GenerationFuture running = submit(generator, 1, 40);
            while (generator.waiting() > 0) {
                Thread.onSpinWait();
            }
            GenerationFuture waiting = submit(generator, 20, 1);
            assertThatThrownBy(() -> submit(generator, 30, 1))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("Model is overloaded");
            running.cancel(true);
            leave.release(2);
            assertThat(ids(waiting.join())).containsExactly(21L);
            assertThat(turns).filteredOn(first -> first == 1).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void aPromptLeavesRoom() {
        try (Generator generator = generator(1, 1)) {
            GenerationFuture future = new GenerationFuture();
            assertThatThrownBy(() -> generator.submit(new long[50], GenerationParameters.greedy(1), future.listener()))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("leave no room for another");
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndWhatWaits() throws InterruptedException {
        Generator generator = generator(1, 2);
        GenerationFuture running = submit(generator, 1, 40);
        GenerationFuture waiting = submit(generator, 20, 1);
        Thread closing = new Thread(generator::close);
        closing.start();
        while (!waiting.isCompletedExceptionally()) {
            Thread.onSpinWait();
        }
        leave.release(3);
        assertThatThrownBy(waiting::join).isInstanceOf(CompletionException.class);
        assertThatThrownBy(running::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("the model is going away");
        assertThatThrownBy(() -> submit(generator, 1, 1)).isInstanceOf(RequestException.class);
        closing.join();
    }
}

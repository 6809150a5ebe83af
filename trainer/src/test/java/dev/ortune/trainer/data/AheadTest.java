package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AheadTest {
    @Test
    void theSameElementsComeInTheSameOrder() {
        List<Integer> all = IntStream.range(0, 1000).boxed().toList();
        assertThat(new Ahead<>(all.iterator())).toIterable().containsExactlyElementsOf(all);
        assertThat(new Ahead<>(List.of().iterator())).isExhausted();
        assertThatThrownBy(() -> new Ahead<>(List.of().iterator()).next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void oneIsComputedWhileTheOneBeforeIsUsedAndNoMore() throws InterruptedException {
        AtomicInteger computed = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(2);
        Iterator<Integer> ahead = new Ahead<>(IntStream.range(0, 10)
                .mapToObj(i -> {
                    computed.incrementAndGet();
                    second.countDown();
                    return i;
                })
                .iterator());
        assertThat(ahead.next()).isZero();
        assertThat(second.await(10, TimeUnit.SECONDS))
                .as("the next one comes by itself")
                .isTrue();
        Thread.sleep(50);
        assertThat(computed).hasValue(2);
    }

    @Test
    void whatIsThrownComesInItsPlace() {
        Iterator<Integer> ahead = new Ahead<>(IntStream.range(0, 3)
                .mapToObj(i -> {
                    if (i == 1) {
                        throw new OrtuneException("the second");
                    }
                    return i;
                })
                .iterator());
        assertThat(ahead.next()).isZero();
        assertThatThrownBy(ahead::next).isInstanceOf(OrtuneException.class).hasMessage("the second");
    }
}

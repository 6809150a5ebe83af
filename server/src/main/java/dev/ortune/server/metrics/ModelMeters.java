package dev.ortune.server.metrics;

import dev.ortune.predictor.batch.BatchListener;
import dev.ortune.server.jetty.Exchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** What is counted of one model: names and buckets are those of text-embeddings-inference. */
final class ModelMeters implements BatchListener {
    private static final double SECOND = 1e9;
    private static final int GENERATED = 14;

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter[] count = new Counter[2];
    private final Counter[] success = new Counter[2];
    private final Counter predictCount;
    private final Counter predictSuccess;
    private final DistributionSummary total;
    private final DistributionSummary tokenization;
    private final DistributionSummary queue;
    private final DistributionSummary inference;
    private final DistributionSummary length;
    private final DistributionSummary batchSize;
    private final DistributionSummary batchTokens;

    ModelMeters(MeterRegistry registry, Tags tags, int maxLength) {
        this.registry = registry;
        this.tags = tags;
        for (int batch = 0; batch < 2; batch++) {
            Tags method = tags.and("method", batch == 0 ? "single" : "batch");
            count[batch] = counter("te_request_count", "Requests for a model", method);
            success[batch] = counter("te_request_success", "Requests that were answered", method);
        }
        predictCount = counter("te_predict_count", "Texts to classify", tags);
        predictSuccess = counter("te_predict_success", "Texts that were classified", tags);
        total = durations("te_request_duration", "Seconds from a request to its answer");
        tokenization = durations("te_request_tokenization_duration", "Seconds to turn a request's texts into tokens");
        queue = durations("te_request_queue_duration", "Seconds that a request waited for its batch");
        inference = durations("te_request_inference_duration", "Seconds that a request's batch ran");
        length = summary("te_request_input_length", "Tokens of a text", upTo(maxLength, powersOfTwo(20)));
        batchSize = summary("te_batch_next_size", "Texts in a batch", powersOfTwo(13));
        batchTokens = summary("te_batch_next_tokens", "Tokens in a batch", powersOfTwo(21));
    }

    private Counter counter(String name, String description, Tags of) {
        return counter(registry, name, description, of);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, Tags of) {
        return Counter.builder(name).description(description).tags(of).register(registry);
    }

    /** Requests that failed in the way {@code err}. */
    static Counter failure(MeterRegistry registry, Tags tags, String err) {
        return counter(
                registry, "te_request_failure", "Requests that failed, by what went wrong", tags.and("err", err));
    }

    private DistributionSummary durations(String name, String description) {
        return summary(name, description, geometric());
    }

    private DistributionSummary summary(String name, String description, double[] buckets) {
        return DistributionSummary.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** 35 bounds in seconds, from 15 microseconds to 14.6, each half as much again as the one before. */
    static double[] geometric() {
        return DoubleStream.iterate(0.00001 * 1.5, bound -> bound * 1.5)
                .limit(35)
                .toArray();
    }

    /** 1, 2, 4 and so on. */
    static double[] powersOfTwo(int bounds) {
        return DoubleStream.iterate(1, bound -> 2 * bound).limit(bounds).toArray();
    }

    private static double[] upTo(int most, double[] bounds) {
        return DoubleStream.of(bounds).filter(bound -> bound <= most).toArray();
    }

    @Override
    public void next(int texts, int tokens) {
        batchSize.record(texts);
        batchTokens.record(tokens);
    }

    @Override
    public void dropped(int texts) {
        failure(registry, tags, "dropped").increment(texts);
    }

    /** A request for this model that came to its end. */
    void completed(Exchange exchange) {
        count[exchange.batch() ? 1 : 0].increment();
        for (int tokens : exchange.lengths()) {
            length.record(tokens);
        }
        predictCount.increment(exchange.lengths().length);
        Exchange.Times times = exchange.times();
        if (times != null) {
            success[exchange.batch() ? 1 : 0].increment();
            predictSuccess.increment(exchange.lengths().length);
            total.record(seconds(exchange.age()));
            tokenization.record(seconds(times.tokenization()));
            queue.record(seconds(times.queue()));
            inference.record(seconds(times.inference()));
        } else if (exchange.generated() > 0) {
            success[0].increment();
            predictSuccess.increment();
            total.record(seconds(exchange.age()));
            // The name that text-generation-inference has for it; classifiers have none.
            summary("tgi_request_generated_tokens", "Tokens that were added to a text", powersOfTwo(GENERATED))
                    .record(exchange.generated());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / SECOND;
    }
}

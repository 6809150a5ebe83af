package dev.ortune.server.metrics;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.batch.BatchListener;
import dev.ortune.server.jetty.Exchange;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/**
 * What Prometheus reads: text-embeddings-inference's metrics under its names, and of models that write one of text-generation-inference's, so that its dashboards work, and the Java
 * virtual machine's. Of several models each has its own series, told apart by the label {@code model}; one alone has the
 * very series of text-embeddings-inference.
 */
public final class Metrics implements AutoCloseable {
    /** Of the answer to a scrape. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Pattern OURS = Pattern.compile("(te|tgi)_.*");

    /** Prometheus' Java client ends the name of every counter so; text-embeddings-inference does not. */
    private static final Pattern SUFFIX = Pattern.compile("(?m)^((?:# (?:HELP|TYPE) )?te_\\w+?)_total\\b");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();
    private final boolean several;

    /** Null until Java is measured. */
    private JvmGcMetrics collections;

    private boolean closed;

    /**
     * Without a model yet.
     *
     * @param several whether models are told apart by a label
     */
    public Metrics(boolean several) {
        this.several = several;
        registry.config().namingConvention(new Names());
    }

    /** Measures Java, too, from now on. It takes as long as a small model's tokenizer, and nobody waits for it. */
    public synchronized void measureJava() {
        if (collections != null || closed) {
            return;
        }
        collections = new JvmGcMetrics();
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    private static final class Names extends PrometheusNamingConvention {
        @Override
        public String name(String name, Meter.Type type, String unit) {
            return OURS.matcher(name).matches() ? name : super.name(name, type, unit);
        }
    }

    /**
     * Counts a model from now on.
     *
     * @param maxLength the most tokens of a text
     * @param waiting texts in its queue, asked at each scrape
     * @return hears of its batches
     */
    public BatchListener model(String name, int maxLength, IntSupplier waiting) {
        Gauge.builder("te_queue_size", waiting, IntSupplier::getAsInt)
                .description("Texts that wait for a batch")
                .tags(tags(name))
                .strongReference(true)
                .register(registry);
        ModelMeters meters = new ModelMeters(registry, tags(name), maxLength);
        models.put(name, meters);
        return meters;
    }

    /** A request that came to its end. */
    public void completed(Exchange exchange) {
        ModelMeters model = exchange.model() == null ? null : models.get(exchange.model());
        if (model != null) {
            model.completed(exchange);
        }
        if (exchange.failure() != null && !exchange.isGone()) {
            String err = err(exchange.failure(), exchange.lengths().length > 0, model != null);
            ModelMeters.failure(registry, tags(model == null ? "" : exchange.model()), err)
                    .increment();
        }
    }

    /** The words of text-embeddings-inference, where it has one. */
    private static String err(ErrorType type, boolean tokenized, boolean asked) {
        return switch (type) {
            case VALIDATION -> asked && !tokenized ? "tokenization" : "validation";
            case TOKENIZER -> "tokenization";
            case BACKEND -> "inference";
            case EMPTY, BAD_REQUEST -> "validation";
            case BATCH_SIZE -> "batch_size";
            case OVERLOADED, UNHEALTHY, NOT_FOUND, TOO_LARGE, UNSUPPORTED_ENCODING, UNAUTHORIZED ->
                type.name().toLowerCase(Locale.ROOT);
        };
    }

    private Tags tags(String model) {
        return several ? Tags.of("model", model) : Tags.empty();
    }

    /** All of it in Prometheus' text format, version 0.0.4. */
    public String scrape() {
        measureJava();
        return SUFFIX.matcher(registry.scrape()).replaceAll("$1");
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (collections != null) {
            collections.close();
        }
        registry.close();
    }
}

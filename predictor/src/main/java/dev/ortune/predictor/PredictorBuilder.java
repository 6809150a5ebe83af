package dev.ortune.predictor;

import dev.ortune.predictor.device.DeviceChoice;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.VersionFolder;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/** How a model is to be loaded; what is not said is as usual. Not for several threads. */
public final class PredictorBuilder {
    private static final Set<String> PRECISIONS = Set.of("auto", "fp32", "fp16", "int8", "int4");
    private static final int MAX_NEW_TOKENS = 50;

    /** Two special tokens and one of a text. */
    private static final int SHORTEST = 3;

    private final Path model;
    private String adapter;
    private String precision = "auto";
    private String device = "auto";
    private BatchOptions batches = BatchOptions.usual();
    private int maxLength;
    private boolean truncate = true;
    private GenerationParameters generation = GenerationParameters.greedy(MAX_NEW_TOKENS);

    PredictorBuilder(Path model) {
        this.model = Objects.requireNonNull(model);
    }

    /** Which of the adapters of a folder that {@code ortune adapter join} made. */
    public PredictorBuilder adapter(String name) {
        adapter = name;
        return this;
    }

    /**
     * Which of the exported files: {@code fp32}, {@code fp16}, {@code int8}, {@code int4}, or {@code auto} for the one that is
     * fastest on this machine, which is the usual one.
     */
    public PredictorBuilder precision(String name) {
        if (!PRECISIONS.contains(name)) {
            throw new IllegalArgumentException("precision must be one of " + PRECISIONS + ", not " + name);
        }
        precision = name;
        return this;
    }

    /** {@code cpu}, {@code cuda}, {@code cuda:N}, or {@code auto} for a GPU where one can be used, which is the usual one. */
    public PredictorBuilder device(String name) {
        device = DeviceChoice.parse(name).toString();
        return this;
    }

    /** Threads of the CPU; usually one a core. A batch that runs alone has all of them, others divide them. */
    public PredictorBuilder threads(int count) {
        batches = batches.withThreads(positive("threads", count));
        return this;
    }

    /**
     * Batches that run at the same time; usually one a thread, or 1 on a GPU. With more than one, a CPU holds the model in memory
     * twice: once for batches alone and once for those beside others.
     */
    public PredictorBuilder workers(int count) {
        batches = batches.withWorkers(positive("workers", count));
        return this;
    }

    /** Tokens of a batch at most, what shorter texts are filled up with included; usually 16,384. */
    public PredictorBuilder maxBatchTokens(int count) {
        batches = batches.withMaxBatchTokens(positive("maxBatchTokens", count));
        return this;
    }

    /** Tokens of a text at most, special ones included; usually, and at most, as many as the model takes. */
    public PredictorBuilder maxLength(int count) {
        if (count < SHORTEST) {
            throw new IllegalArgumentException("maxLength must be at least " + SHORTEST + ", not " + count);
        }
        maxLength = count;
        return this;
    }

    /** Whether a text that is too long is cut, as usual, or refused. */
    public PredictorBuilder truncate(boolean cut) {
        truncate = cut;
        return this;
    }

    /** How a model that writes texts goes on with them; usually with the likeliest tokens, 50 at most. */
    public PredictorBuilder generation(GenerationParameters parameters) {
        generation = Objects.requireNonNull(parameters);
        return this;
    }

    /**
     * Loads the model.
     *
     * @throws OrtuneException when a file is missing or broken, or the device cannot be used; its message names it
     */
    public Predictor open() {
        InferenceOptions inference =
                new InferenceOptions(precision, DeviceChoice.parse(device).device(0), batches, maxLength);
        return Predictor.open(VersionFolder.in(model, adapter), inference, truncate, generation);
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, not " + value);
        }
        return value;
    }
}

package dev.ortune.trainer.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.encoder.BertConfig;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What PyTorch computed for one small BERT; src/test/golden/README.md says how. All expected values are float64's.
 *
 * @param config the architecture, without dropout
 * @param labels number of labels
 * @param initial the weights to start from
 * @param batches the batches, which the run goes through again and again: see {@link #batch}
 * @param options how the run was done
 * @param learningRates of each step
 * @param losses of each step, the mean of its micro-batches
 * @param gradientNorms global norm before clipping of each step
 * @param logits of batch 0 with the initial weights, without dropout, {@code [batch, labels]}
 * @param gradients of batch 0's loss with the initial weights, before clipping
 * @param finalWeights after the last step
 * @param zeroGradient parameters whose gradient is 0 but for rounding, which Adam blows up to whole steps: see {@link
 *     #drift}
 */
public record GoldenCase(
        BertConfig config,
        int labels,
        Weights initial,
        List<Batch> batches,
        Options options,
        double[] learningRates,
        double[] losses,
        double[] gradientNorms,
        double[][] logits,
        Weights gradients,
        Weights finalWeights,
        Set<String> zeroGradient) {

    /**
     * A padded batch.
     *
     * @param size number of sentences
     * @param length tokens of each, padding included
     * @param inputIds row-major {@code [size, length]}
     * @param attentionMask row-major {@code [size, length]}
     * @param tokenTypeIds row-major {@code [size, length]}
     * @param labels {@code [size]}
     */
    public record Batch(
            int size, int length, long[] inputIds, long[] attentionMask, long[] tokenTypeIds, long[] labels) {}

    /**
     * How the run was done.
     *
     * @param optimizer {@code adamw} or {@code bert-adam}
     * @param classWeights {@code [labels]}, or null
     * @param accumulation micro-batches a step
     */
    public record Options(
            String optimizer,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double maxGradNorm,
            double labelSmoothing,
            double[] classWeights,
            int accumulation) {}

    /** The case in the folder {@code src/test/resources/golden/name}. */
    public static GoldenCase load(String name) {
        Path folder = folder(name);
        JsonNode config = json(folder.resolve("config.json"));
        JsonNode expected = json(folder.resolve("expected.json"));
        List<Batch> batches = new ArrayList<>();
        json(folder.resolve("batches.json")).forEach(batch -> batches.add(batch(batch)));
        List<double[]> logits = new ArrayList<>();
        expected.required("logits").forEach(row -> logits.add(doubles(row)));
        return new GoldenCase(
                BertConfig.fromJson(config),
                config.required("id2label").size(),
                Safetensors.read(folder.resolve("model.safetensors")),
                List.copyOf(batches),
                options(expected),
                doubles(expected.required("learning_rates")),
                doubles(expected.required("losses")),
                doubles(expected.required("gradient_norms")),
                logits.toArray(double[][]::new),
                Safetensors.read(folder.resolve("gradients.safetensors")),
                Safetensors.read(folder.resolve("final.safetensors")),
                Set.copyOf(strings(expected.required("zero_gradient"))));
    }

    /** Optimizer steps of the run. */
    public int steps() {
        return learningRates.length;
    }

    /** The batch of a step, counted from 0, and one of its micro-batches, from 0 to {@code accumulation - 1}. */
    public Batch batch(int step, int microBatch) {
        return batches.get((step * options.accumulation() + microBatch) % batches.size());
    }

    /** How far a weight with a gradient of nothing but rounding may come: the sum of the learning rates. */
    public double drift() {
        double sum = 0;
        for (double rate : learningRates) {
            sum += rate;
        }
        return sum;
    }

    private static Path folder(String name) {
        URL config = GoldenCase.class.getResource("/golden/" + name + "/config.json");
        if (config == null) {
            throw new IllegalArgumentException("no golden case " + name);
        }
        try {
            return Path.of(config.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Batch batch(JsonNode json) {
        JsonNode ids = json.required("input_ids");
        return new Batch(
                ids.size(),
                ids.required(0).size(),
                matrix(ids),
                matrix(json.required("attention_mask")),
                matrix(json.required("token_type_ids")),
                longs(json.required("labels")));
    }

    private static Options options(JsonNode json) {
        JsonNode classWeights = json.required("class_weights");
        return new Options(
                json.required("optimizer").asText(),
                json.required("betas").required(0).asDouble(),
                json.required("betas").required(1).asDouble(),
                json.required("epsilon").asDouble(),
                json.required("weight_decay").asDouble(),
                json.required("max_grad_norm").asDouble(),
                json.required("label_smoothing").asDouble(),
                classWeights.isNull() ? null : doubles(classWeights),
                json.required("accumulation").asInt());
    }

    private static long[] matrix(JsonNode rows) {
        List<Long> values = new ArrayList<>();
        rows.forEach(row -> row.forEach(value -> values.add(value.asLong())));
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] longs(JsonNode array) {
        return array.valueStream().mapToLong(JsonNode::asLong).toArray();
    }

    private static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}

package dev.ortune.trainer.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.model.Architectures;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.layers.Written;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.task.head.AnswerHead;
import dev.ortune.trainer.task.head.BinaryCrossEntropy;
import dev.ortune.trainer.task.head.CausalLanguageModelHead;
import dev.ortune.trainer.task.head.ChoiceHead;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.MaskedLanguageModelHead;
import dev.ortune.trainer.task.head.MeanSquaredError;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.task.head.TextToTextHead;
import dev.ortune.trainer.task.head.TokenHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What PyTorch computed for one small network; src/test/golden/README.md says how. All expected values are float64's.
 *
 * @param network a family, without dropout, with the head of a task
 * @param initial the weights to start from
 * @param batches the batches, which the run goes through again and again: see {@link #batch}
 * @param options how the run was done
 * @param learningRates of each step
 * @param losses of each step, the mean of its micro-batches
 * @param gradientNorms global norm before clipping of each step
 * @param logits of batch 0 with the initial weights, without dropout, {@code [batch, labels]}, or for
 *     labels of tokens {@code [batch * sequence, labels]}, of answers {@code [batch * sequence, 2]}, of choices
 *     {@code [batch, 1]}
 * @param gradients of batch 0's loss with the initial weights, before clipping
 * @param finalWeights after the last step
 * @param zeroGradient parameters whose gradient is 0 but for rounding, which Adam blows up to whole steps: see {@link
 *     #drift}
 */
public record GoldenCase(
        Network network,
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
     * How the run was done.
     *
     * @param optimizer {@code adamw} or {@code bert-adam}
     * @param accumulation micro-batches a step
     */
    public record Options(
            String optimizer,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double maxGradNorm,
            int accumulation) {}

    /** The case in the folder {@code src/test/resources/golden/name}. */
    public static GoldenCase load(String name) {
        Path folder = folder(name);
        JsonNode config = json(folder.resolve("config.json"));
        JsonNode expected = json(folder.resolve("expected.json"));
        List<Batch> batches = new ArrayList<>();
        Head head = head(config, expected);
        json(folder.resolve("batches.json")).forEach(batch -> {
            if (head instanceof TextToTextHead) {
                ((ObjectNode) batch).set(TextToTextHead.TARGETS, batch.required(Batch.LABELS));
                ((ObjectNode) batch).remove(Batch.LABELS);
            }
            batches.add(batch(batch));
        });
        List<double[]> logits = new ArrayList<>();
        expected.required("logits").forEach(row -> {
            if (row.required(0).isArray()) {
                row.forEach(token -> logits.add(doubles(token)));
            } else {
                logits.add(doubles(row));
            }
        });
        return new GoldenCase(
                network(config, head, Safetensors.read(folder.resolve("model.safetensors"))),
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

    private static Network network(JsonNode config, Head head, Weights weights) {
        return new Network(Architectures.of(config).of(weights::contains), head);
    }

    /** The logits of batch 0 row-major, those of padding left out where each token has some. */
    public float[] logitsOfTokens() {
        Batch first = batches.get(0);
        boolean ofTokens = logits.length == first.size() * first.length();
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < logits.length; row++) {
            if (!ofTokens || first.attentionMask()[row] == 1) {
                rows.add(logits[row]);
            }
        }
        int width = logits[0].length;
        float[] values = new float[rows.size() * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows.get(i / width)[i % width];
        }
        return values;
    }

    /** The same of those tokens alone that have a label of 0 or more. */
    public float[] logitsOfLabelled() {
        long[] labels = targets();
        int width = logits[0].length;
        int[] rows = IntStream.range(0, labels.length)
                .filter(row -> labels[row] >= 0)
                .toArray();
        float[] values = new float[rows.length * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) logits[rows[i / width]][i % width];
        }
        return values;
    }

    /** What batch 0 is to be told of each token, or is to write. */
    public long[] targets() {
        return batches.get(0).longs(network.head() instanceof TextToTextHead ? TextToTextHead.TARGETS : Batch.LABELS);
    }

    /** Whether one of a parameter's elements has none: {@code zeroGradient} names it, or a part of it as {@code name[from:to]}. */
    public boolean hasNoGradient(String name, int element) {
        return zeroGradient.contains(name)
                || zeroGradient.stream()
                        .filter(part -> part.startsWith(name + "["))
                        .map(part -> part.substring(name.length() + 1, part.length() - 1)
                                .split(":", -1))
                        .anyMatch(ends -> element >= Integer.parseInt(ends[0]) && element < Integer.parseInt(ends[1]));
    }

    /** The logits of batch 0 with each text's padding before it, row-major, where a case has them. */
    public static float[] leftPaddedLogits(String name) {
        return floats(json(folder(name).resolve("expected.json")).required("left_padded_logits"));
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

    static Path folder(String name) {
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
        JsonNode ids = json.required(Batch.INPUT_IDS);
        int size = ids.size();
        int length = ids.required(0).size();
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put(Batch.TOKEN_TYPE_IDS, new Array(new long[size * length], size, length));
        json.properties().forEach(field -> arrays.put(field.getKey(), array(field.getValue())));
        return new Batch(size, length, arrays, new int[size]);
    }

    private static Array array(JsonNode rows) {
        boolean lists = rows.required(0).isArray();
        JsonNode first = lists ? rows.required(0).required(0) : rows.required(0);
        if (first.isFloatingPointNumber()) {
            return lists
                    ? new Array(floats(rows), rows.size(), rows.required(0).size())
                    : new Array(floats(rows), rows.size());
        }
        return rows.required(0).isArray()
                ? new Array(matrix(rows), rows.size(), rows.required(0).size())
                : new Array(longs(rows), rows.size());
    }

    /** The head that config.json's class has. */
    private static Head head(JsonNode config, JsonNode expected) {
        String name = config.required("architectures").required(0).asText();
        if (name.endsWith("ForMaskedLM") || name.endsWith("ForPreTraining")) {
            return new MaskedLanguageModelHead(name.endsWith("ForPreTraining"));
        }
        if (name.endsWith("LMHeadModel") || name.endsWith("ForCausalLM")) {
            return new CausalLanguageModelHead();
        }
        if (name.endsWith("ForQuestionAnswering")) {
            return new AnswerHead();
        }
        if (name.endsWith("ForMultipleChoice")) {
            return new ChoiceHead();
        }
        if (name.endsWith("ForConditionalGeneration")) {
            return new TextToTextHead(words(expected));
        }
        int labels = config.required("id2label").size();
        String problem = config.path("problem_type").asText();
        if (problem.equals("regression")) {
            return new SequenceHead(labels, new MeanSquaredError());
        }
        if (problem.equals("multi_label_classification")) {
            JsonNode positive = expected.path("positive_weights");
            float[] each = positive.isMissingNode() ? null : floats(positive);
            return new SequenceHead(labels, new BinaryCrossEntropy(each));
        }
        JsonNode weights = expected.required("class_weights");
        float[] floats = weights.isNull() ? null : new float[labels];
        for (int i = 0; i < weights.size(); i++) {
            floats[i] = (float) weights.required(i).asDouble();
        }
        CrossEntropy loss =
                new CrossEntropy(expected.required("label_smoothing").asDouble(), floats);
        return name.endsWith("ForTokenClassification") ? new TokenHead(labels, loss) : new SequenceHead(labels, loss);
    }

    private static Written.Words words(JsonNode expected) {
        List<List<Integer>> words = new ArrayList<>();
        expected.required("words")
                .forEach(word ->
                        words.add(word.valueStream().map(JsonNode::asInt).toList()));
        return new Written.Words(words);
    }

    /** How likely each of the words that text2text is asked about is after each text of batch 0: row-major. */
    public static float[] wordLogits(String name) {
        List<Float> values = new ArrayList<>();
        json(folder(name).resolve("expected.json"))
                .required("word_logits")
                .forEach(row -> row.forEach(value -> values.add(value.floatValue())));
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
    }

    private static Options options(JsonNode json) {
        return new Options(
                json.required("optimizer").asText(),
                json.required("betas").required(0).asDouble(),
                json.required("betas").required(1).asDouble(),
                json.required("epsilon").asDouble(),
                json.required("weight_decay").asDouble(),
                json.required("max_grad_norm").asDouble(),
                json.required("accumulation").asInt());
    }

    private static long[] matrix(JsonNode rows) {
        List<Long> values = new ArrayList<>();
        rows.forEach(row -> row.forEach(value -> values.add(value.asLong())));
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(JsonNode rows) {
        List<Float> values = new ArrayList<>();
        rows.forEach(row -> {
            if (row.isArray()) {
                row.forEach(value -> values.add(value.floatValue()));
            } else {
                values.add(row.floatValue());
            }
        });
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
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

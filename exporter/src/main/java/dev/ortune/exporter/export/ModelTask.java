package dev.ortune.exporter.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.verify.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model does, as its configuration and its graph have it together.
 *
 * @param task what it is for
 * @param problemType transformers' {@code problem_type} of a text classifier; empty for other tasks
 * @param labels their names in the order of their ids; empty where there are none
 * @param inputs of the graph, without weights
 * @param outputs of the graph
 */
record ModelTask(
        Task task,
        String problemType,
        List<String> labels,
        Map<String, ValueType> inputs,
        Map<String, ValueType> outputs) {
    private static final String SINGLE = "single_label_classification";
    private static final String MULTI = "multi_label_classification";
    private static final String REGRESSION = "regression";

    /**
     * Of a frozen graph.
     *
     * @param file the graph's file, for messages
     * @throws OrtuneException when the two contradict one another
     */
    static ModelTask of(ModelConfig config, Graph graph, Path file) {
        Task task = Task.of(config.architecture(), graph.inputs(), graph.outputs());
        requireChoices(task, graph, file);
        List<String> labels = task.hasLabels() ? labels(task, config, graph.outputs(), file) : List.of();
        String problem = task == Task.TEXT_CLASSIFICATION ? problemType(config.problemType(), labels.size()) : "";
        return new ModelTask(
                task, problem, labels, new LinkedHashMap<>(graph.inputs()), new LinkedHashMap<>(graph.outputs()));
    }

    private static void requireChoices(Task task, Graph graph, Path file) {
        ValueType logits = graph.outputs().get("logits");
        if ((task == Task.MULTIPLE_CHOICE) != Task.takesChoices(graph.inputs())
                || (task == Task.MULTIPLE_CHOICE && (logits == null || logits.rank() != 2))) {
            throw new OrtuneException(
                    file + ": multiple-choice takes texts as [batch, choices, sequence] and gives logits"
                            + " [batch, choices], other tasks take [batch, sequence]; of " + task + " it takes "
                            + graph.inputs() + " and gives " + graph.outputs());
        }
    }

    private static List<String> labels(Task task, ModelConfig config, Map<String, ValueType> outputs, Path file) {
        ValueType logits = outputs.get("logits");
        if (logits == null || logits.rank() != task.rank()) {
            throw new OrtuneException(file + ": its output must be logits, FLOAT "
                    + (task.rank() == 2 ? "[batch, labels]" : "[batch, sequence, labels]") + " for " + task
                    + ", but it has " + outputs);
        }
        Dim last = logits.shape().get(task.rank() - 1);
        long count = last.fixed() ? last.size() : Math.max(1, config.labels().size());
        if (!config.labels().isEmpty() && config.labels().size() != count) {
            throw new OrtuneException(config.file() + ": id2label names "
                    + config.labels().size() + " labels, but the graph's logits are of " + count);
        }
        return config.labels().isEmpty() ? numbered(count) : config.labels();
    }

    /** The names that transformers gives to labels without any. */
    private static List<String> numbered(long count) {
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < Math.min(count, Short.MAX_VALUE); id++) {
            labels.add("LABEL_" + id);
        }
        return labels;
    }

    /** One label alone can only be a number: transformers' rule. */
    private static String problemType(String named, int labels) {
        return List.of(SINGLE, MULTI, REGRESSION).contains(named) ? named : labels == 1 ? REGRESSION : SINGLE;
    }

    /** The same of another graph of the model. */
    ModelTask with(Graph graph) {
        return new ModelTask(
                task, problemType, labels, new LinkedHashMap<>(graph.inputs()), new LinkedHashMap<>(graph.outputs()));
    }

    /** What of an output is the model's verdict. */
    Verdict verdict() {
        boolean numbers = task == Task.FEATURE_EXTRACTION
                || problemType.equals(REGRESSION)
                || (task == Task.TEXT_CLASSIFICATION && labels.size() == 1 && !problemType.equals(MULTI));
        return numbers ? Verdict.NUMBER : problemType.equals(MULTI) ? Verdict.EACH_LABEL : Verdict.LARGEST;
    }

    /** The logit above which each label is given where a text may have several of them, {@code [labels]}; none elsewhere. */
    float[] leastLogits(ModelConfig config) {
        float[] least = new float[verdict() == Verdict.EACH_LABEL ? labels.size() : 0];
        for (int label = 0; label < least.length; label++) {
            double threshold = config.thresholds().getOrDefault(labels.get(label), 0.5);
            least[label] = (float) Math.log(threshold / (1 - threshold));
        }
        return least;
    }

    /** Whether one of several texts is chosen. */
    boolean ofChoices() {
        return task == Task.MULTIPLE_CHOICE;
    }

    /** The labels that the texts of a data file can have; none where a text has not exactly one of them. */
    List<String> labelsOfTexts() {
        return task == Task.TEXT_CLASSIFICATION && verdict() == Verdict.LARGEST ? labels : List.of();
    }

    /** What of it travels inside of each exported file. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("ortune.task", task.toString());
        if (!problemType.isEmpty()) {
            metadata.put("ortune.problem_type", problemType);
        }
        if (task.hasLabels()) {
            ArrayNode names = new ObjectMapper().createArrayNode();
            labels.forEach(names::add);
            metadata.put("ortune.labels", names.toString());
        }
        return metadata;
    }

    /** As export.json has it: inputs and outputs with their dimensions. */
    void write(ObjectNode json) {
        json.put("task", task.toString());
        if (!problemType.isEmpty()) {
            json.put("problem_type", problemType);
        }
        write(json.putObject("inputs"), inputs);
        write(json.putObject("outputs"), outputs);
    }

    private static void write(ObjectNode json, Map<String, ValueType> values) {
        values.forEach((name, type) -> {
            ArrayNode shape = json.putArray(name);
            for (Dim dim : type.shape()) {
                if (dim.fixed()) {
                    shape.add(dim.size());
                } else {
                    shape.add(dim.symbol());
                }
            }
        });
    }
}

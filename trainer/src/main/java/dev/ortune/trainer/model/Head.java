package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task's end of a network: what it reads of the hidden states, what it gives, and what it is trained by. */
public interface Head {
    /** The second part of the names of transformers' classes with this head, e.g. {@code ForSequenceClassification}. */
    String className();

    /** The same in a family. */
    default String className(Architecture architecture) {
        return className();
    }

    /** {@code problem_type} of config.json, if the task has one. */
    default Optional<String> problemType() {
        return Optional.empty();
    }

    /** The name of the last layer in a family, whose rows are the labels. */
    String lastLayer(Architecture architecture);

    /** Which rows of the last layer of the network it reads. */
    Rows rows();

    /**
     * Whether an example is several sequences to choose from, side by side: then {@code graph.onnx} takes {@code [batch,
     * choices, sequence]}.
     */
    default boolean ofChoices() {
        return false;
    }

    /** Whether a decoder meets every word of the vocabulary, so that none may be left out of a session. */
    default boolean meetsVocabulary() {
        return false;
    }

    /** The names of its outputs, in order. */
    default List<String> outputNames() {
        return List.of("logits");
    }

    /**
     * Adds the family's head.
     *
     * @param hidden from {@link Architecture#hidden}
     * @return the graph's outputs by name
     */
    Map<String, Value> outputs(Architecture architecture, Form form, Value hidden);

    /**
     * What a graph that evaluates gives beside the loss, by name and in order: the outputs, where a head says nothing else.
     *
     * @param form one of those that train
     */
    default Map<String, Value> evaluated(Form form, Map<String, Value> outputs) {
        Map<String, Value> named = new LinkedHashMap<>();
        outputNames().forEach(name -> named.put(name, outputs.get(name)));
        return named;
    }

    /**
     * Adds the loss; declares what it takes beside the outputs with {@link Form#target}.
     *
     * @return a scalar
     */
    Value loss(Form form, Map<String, Value> outputs);
}

package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.PlainForm;
import dev.ortune.trainer.model.form.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An architecture with a task's head on it: what is trained.
 *
 * @param architecture the family
 * @param head the task's
 * @param adaptation which of its weights are trained, and what beside them
 */
public record Network(Architecture architecture, Head head, Adaptation adaptation) {
    public Network {
        architecture = architecture.of(head);
    }

    /** All of whose weights are trained. */
    public Network(Architecture architecture, Head head) {
        this(architecture, head, Adaptation.NONE);
    }

    /** The same, trained in another way. */
    public Network adapted(Adaptation newAdaptation) {
        return new Network(architecture, head, newAdaptation);
    }

    /** What transformers calls it, e.g. {@code RobertaForTokenClassification}. */
    public String className() {
        return architecture.className() + head.className(architecture);
    }

    /** Which rows of the last layer the head reads; for one a text the family's own. */
    public Rows rows() {
        return head.rows() == Rows.FIRST ? architecture.rowsOfTexts() : head.rows();
    }

    /** Adds all of the forward pass; the outputs by name. */
    public Map<String, Value> outputs(Form form) {
        return head.outputs(architecture, form.head(), architecture.hidden(form));
    }

    /** Every weight that its files have, in the order of the forward pass. */
    public List<Parameter> parameters() {
        PlainForm form = new PlainForm(new Graph("parameters"), architecture.geometry());
        outputs(form);
        return form.parameters();
    }

    /** Every weight of the graphs that train it: those of its files and the factors of its updates. */
    public List<Parameter> sessionParameters() {
        List<Parameter> all = new ArrayList<>(parameters());
        all.addAll(adaptation.factors(all));
        return all;
    }

    /** How many numbers are trained. */
    public long trainedElements() {
        return sessionParameters().stream()
                .filter(adaptation::trains)
                .mapToLong(Parameter::elements)
                .sum();
    }

    /**
     * The graph of {@code graph.onnx}: transformers' class in standard operators. Takes {@code input_ids}, {@code
     * attention_mask} and, where the family has them, {@code token_type_ids} (int64 {@code [batch, sequence]}, or of
     * choices {@code [batch, choices, sequence]}), and the weights under their names.
     */
    public Graph plain() {
        return plain(null);
    }

    /** Likewise with adapters, of which each row of a batch has the one that {@link JoinedAdapters#INPUT} names. */
    public Graph plain(JoinedAdapters adapters) {
        Graph graph = new Graph(architecture.modelType());
        Map<String, Value> outputs = outputs(new PlainForm(graph, architecture.geometry(), head.ofChoices(), adapters));
        head.outputNames().forEach(name -> graph.output(outputs.get(name), name));
        return graph;
    }

    /**
     * The same for a text that grows, under the names of Optimum and transformers.js: takes only the tokens that are new,
     * {@code input_ids} and {@code position_ids} (int64 {@code [batch, sequence]}), {@code attention_mask} of all (int64 {@code
     * [batch, past + sequence]}), and of each layer the keys and values of those before, {@code past_key_values.N.key} and
     * {@code .value} ({@code [batch, heads, past, head size]}, {@code past} 0 at first); gives {@code logits} of the new ones and
     * the keys and values of all, {@code present.N.key} and {@code .value}.
     */
    public Graph withPast() {
        Graph graph = new Graph(architecture.modelType());
        PlainForm form = PlainForm.withPast(graph, architecture.geometry(), architecture.layers());
        Map<String, Value> outputs = outputs(form);
        head.outputNames().forEach(name -> graph.output(outputs.get(name), name));
        form.presents().forEach((name, value) -> graph.output(value, name));
        return graph;
    }

    /** The same with another number of word embeddings. */
    public Network withVocabSize(int rows) {
        return new Network(architecture.withVocabSize(rows), head, adaptation);
    }
}

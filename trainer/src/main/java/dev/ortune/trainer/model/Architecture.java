package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.PlainForm;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.layers.DecoderGraph;
import dev.ortune.trainer.model.layers.Written;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One family's network, written down once: {@link #hidden} and the heads say what is computed, a {@link Form} says how.
 * Weights, their shapes and their roles follow from running it ({@link Network#parameters}).
 */
public interface Architecture {
    /** What config.json calls it, e.g. {@code roberta}. */
    String modelType();

    /** The first part of the names of its classes in transformers, e.g. {@code Roberta}. */
    String className();

    /**
     * The same as a head needs it: there are families whose classes in transformers differ in more than that.
     *
     * @throws dev.ortune.trainer.OrtuneException where the family has no such class
     */
    default Architecture of(Head head) {
        return this;
    }

    /** What every form needs to know of it. */
    Geometry geometry();

    /**
     * The name of the word embedding's weight, {@code [vocab, width]}. Token ids reach no other.
     */
    String wordEmbeddings();

    /** Rows of the word embedding. */
    int vocabSize();

    /** The same with another number of word embeddings. */
    Architecture withVocabSize(int rows);

    /** Layers that repeat. */
    int layers();

    /** The same with another number of layers. */
    Architecture withLayers(int count);

    /** What the names of a layer's weights begin with, e.g. {@code bert.encoder.layer.3.}. */
    String layerPrefix(int layer);

    /** The key of config.json that says how many layers there are. */
    default String layersKey() {
        return "num_hidden_layers";
    }

    /** Tokens of the longest text, special ones included. */
    int mostTokens();

    /** Standard deviation for weights that no file holds. */
    double initializerRange();

    /** Likewise, of one of them. */
    default double initializerRange(Parameter parameter) {
        return initializerRange();
    }

    /**
     * All layers, embeddings first.
     *
     * @return {@code [.., hidden]} of the rows that the form is to give
     */
    Value hidden(Form form);

    /**
     * The family's own head for a label a text, {@code …ForSequenceClassification}.
     *
     * @param hidden from {@link #hidden} of a form that gives first tokens
     * @return {@code [batch, labels]}
     */
    Value sequenceClassification(Form form, Value hidden, int labels);

    /** Which rows stand for a text: the first token's, where a family says nothing else. */
    default Rows rowsOfTexts() {
        return Rows.FIRST;
    }

    /** The name of that head's last layer. */
    String sequenceClassifier();

    /** The name of the last layer of the head for a label a token. */
    default String tokenClassifier() {
        return "classifier";
    }

    /**
     * The family's head for a label a token, {@code …ForTokenClassification}.
     *
     * @param hidden from {@link #hidden} of a form that gives all tokens
     * @return {@code [.., labels]}
     */
    Value tokenClassification(Form form, Value hidden, int labels);

    /**
     * The family's head for answers in a text, {@code …ForQuestionAnswering}: one linear layer, where a family has no more.
     *
     * @param hidden from {@link #hidden} of a form that gives all tokens
     * @return {@code [.., 2]}: how much speaks for each token as an answer's first, and as its last
     */
    default Value questionAnswering(Form form, Value hidden) {
        return form.linear(questionAnswerer(), hidden, 2);
    }

    /** The name of that layer. */
    default String questionAnswerer() {
        return "qa_outputs";
    }

    /**
     * The family's head for masked words, {@code …ForMaskedLM}: a transform, and the word embedding as its decoder.
     *
     * @param hidden rows of tokens
     * @return {@code [.., vocab]}
     */
    Value maskedLanguageModel(Form form, Value hidden);

    /**
     * The states of a decoder that has been made to write something after the texts.
     *
     * @param encoded from {@link #hidden}
     * @return {@code [batch * places, hidden]}: of each place that which the token there is to be told by
     */
    default Value decoded(Form form, Value encoded, Written written) {
        throw new OrtuneException(className() + " writes no texts; text2text is for T5");
    }

    /**
     * How much speaks for each word of the vocabulary.
     *
     * @param states rows of {@link #decoded}
     * @return {@code [rows, vocab]}
     */
    default Value vocabulary(Form form, Value states) {
        throw new OrtuneException(className() + " writes no texts; text2text is for T5");
    }

    /**
     * Encoder and decoder in graphs of their own, by which a text is written token after token: {@code encoder} takes what all graphs
     * take and gives {@code last_hidden_state}, and {@link DecoderGraph} says what the others do. None where a family writes no texts.
     */
    default List<Graph> writers() {
        return List.of();
    }

    /** Other names that files may have for a weight, which another of the family's classes calls so. */
    default List<String> otherNames(String weight) {
        return List.of();
    }

    /** The same with what only its files tell: which weights there are. */
    default Architecture of(Predicate<String> isThere) {
        return this;
    }

    /** Whether a token sees only those before it, so that {@link #causalLanguageModel} has an answer. */
    default boolean tellsNextTokens() {
        return false;
    }

    /** What the name of its class for next tokens ends with. */
    default String nextTokensClass() {
        return "LMHeadModel";
    }

    /** The name of that class's last layer: the word embedding, where a family says nothing else. */
    default String nextTokensLayer() {
        String words = wordEmbeddings();
        return words.substring(0, words.lastIndexOf('.'));
    }

    /**
     * The head that tells the next token, {@code …LMHeadModel} or {@code …ForCausalLM}.
     *
     * @param hidden rows of tokens
     * @return {@code [.., vocab]}
     */
    default Value causalLanguageModel(Form form, Value hidden) {
        throw new UnsupportedOperationException(className() + " has no head for next tokens");
    }

    /** Whether {@link #nextSentence} has an answer. */
    default boolean tellsNextSentences() {
        return false;
    }

    /**
     * The head that tells whether the second of two texts follows the first, {@code …ForPreTraining}'s other one: 0 when it
     * does, 1 when it does not.
     *
     * @param hidden from {@link #hidden}
     * @return {@code [batch, 2]}
     */
    default Value nextSentence(Form form, Value hidden) {
        throw new UnsupportedOperationException(className() + " has no head for next sentences");
    }

    /**
     * The family's head for one of several texts to choose from, {@code …ForMultipleChoice}: that for a label a text with a
     * single one, where a family says nothing else.
     *
     * @param hidden from {@link #hidden} of a form that gives first tokens
     * @return {@code [sequences, 1]}: how much speaks for each
     */
    default Value multipleChoice(Form form, Value hidden) {
        return sequenceClassification(form, hidden, 1);
    }

    /**
     * transformers' class of one of its modules.
     *
     * @param parent name of the module that it is in, empty for the whole
     * @param name its own, for one of a list that of the list
     */
    default String moduleClass(String parent, String name) {
        return className()
                + switch (name) {
                    case "self" -> "SelfAttention";
                    case "output" -> parent.equals("attention") ? "SelfOutput" : "Output";
                    case "classifier" -> "ClassificationHead";
                    case "layer" -> "Layer";
                    default ->
                        parent.isEmpty() ? "Model" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
                };
    }

    /**
     * transformers' class of a member of a list of modules.
     *
     * @param list its name
     * @param modules names of those inside of the member
     */
    default String memberClass(String list, Set<String> modules) {
        return moduleClass(list, list);
    }

    /** Embeddings and layers, without any head, in the order of the forward pass. */
    default List<Parameter> bodyParameters() {
        PlainForm form = new PlainForm(new Graph("body"), geometry());
        hidden(form);
        return form.parameters();
    }

    /** Embeddings, layers and the heads of pre-training, in the order of the forward pass. */
    default List<Parameter> pretrainingParameters() {
        PlainForm form = new PlainForm(new Graph("pretraining"), geometry());
        Value hidden = hidden(form);
        maskedLanguageModel(form.head(), hidden);
        if (tellsNextSentences()) {
            nextSentence(form.head(), hidden);
        }
        return form.parameters();
    }

    /** The names of all weights that its files may hold, those of every head included. */
    default Set<String> weightNames() {
        Set<String> names = fineTunedNames();
        pretrainingParameters().forEach(parameter -> names.add(parameter.name()));
        return names;
    }

    /** Those of them that one head has and another one under the same name has not. */
    default Set<String> optionalNames() {
        return Set.of();
    }

    /** The same without those that the heads of pre-training alone have. */
    default Set<String> fineTunedNames() {
        PlainForm form = new PlainForm(new Graph("names"), geometry());
        Value hidden = hidden(form);
        sequenceClassification(form.head(), hidden, 1);
        tokenClassification(form.head(), hidden, 1);
        questionAnswering(form.head(), hidden);
        multipleChoice(form.head(), hidden);
        Set<String> names = new LinkedHashSet<>();
        form.parameters().forEach(parameter -> names.add(parameter.name()));
        return names;
    }
}

package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.LabelledTokens;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.layers.Written;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Words that are written (Raffel et al. 2020, arXiv:1910.10683): takes {@code target_ids}, the tokens that are to be written,
 * int64 {@code [batch, places]}, -100 behind their end, and is trained by the mean cross entropy of each token after those before
 * it. Where words are a closed set, what it gives is how likely each of them is: {@code logits} {@code [batch, labels]}, the sum
 * of the logarithms of the probabilities of a word's tokens, its end included, whatever their number. Where any text may be
 * written, it takes {@code decoder_input_ids}, int64 {@code [batch, decoder_sequence]}, and gives the {@code logits} of what comes
 * after each, {@code [batch, decoder_sequence, vocab]}, as transformers' class does.
 *
 * @param words the tokens of each label's word, its end included; null where any text may be written
 */
public record TextToTextHead(Written.Words words) implements Head {
    /** What is to be written. */
    public static final String TARGETS = "target_ids";

    /** Of the graphs that train, the logits of each token that is to be written: {@code [labelled, vocab]}. */
    public static final String TOKEN_LOGITS = "token_logits";

    /** What the decoder reads to tell them: the same one place later. */
    public static final String READ = "decoder_input_ids";

    private static final String LABELLED = "labelled_targets";
    private static final String LOGITS = "logits";
    private static final String WEIGHT = ".weight";

    @Override
    public String className() {
        return "ForConditionalGeneration";
    }

    @Override
    public Optional<String> problemType() {
        return Optional.ofNullable(words).map(labels -> CrossEntropy.PLAIN.problemType());
    }

    /** The word embedding. */
    @Override
    public String lastLayer(Architecture architecture) {
        String table = architecture.wordEmbeddings();
        return table.substring(0, table.length() - WEIGHT.length());
    }

    @Override
    public Rows rows() {
        return Rows.FIRST;
    }

    @Override
    public boolean meetsVocabulary() {
        return true;
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        if (form.use() == Form.Use.INFERENCE && words == null) {
            outputs.put(LOGITS, next(architecture, form, hidden));
            return outputs;
        }
        if (form.use() != Form.Use.INFERENCE) {
            Ops ops = form.ops().in("written");
            Value targets = ops.graph().input(TARGETS, ElementType.INT64, Shape.of("batch", "target_sequence"));
            Value states = architecture.decoded(form, hidden, new Written.Texts(targets));
            Value flat = ops.reshape(targets, Shape.of(states.shape().dim(0)));
            LabelledTokens labelled = LabelledTokens.of(flat, ops);
            Value rows = ops.gatherRows(states, labelled.rows(), labelled.inverse());
            outputs.put(TOKEN_LOGITS, architecture.vocabulary(form, rows));
            outputs.put(LABELLED, labelled.labels());
        }
        if (form.use() != Form.Use.TRAINING && words != null) {
            outputs.put(LOGITS, likelihoods(architecture, form, hidden));
        }
        return outputs;
    }

    /** {@code [batch, decoder_sequence, vocab]} */
    private static Value next(Architecture architecture, Form form, Value hidden) {
        Ops ops = form.ops().in("written");
        Value read = ops.graph().input(READ, ElementType.INT64, Shape.of("batch", "decoder_sequence"));
        Value states = architecture.decoded(form, hidden, new Written.Begun(read));
        Value logits = architecture.vocabulary(form, states);
        Value sizes = ops.concat(0, new Dim(null, 3), ops.shape(read), ops.vector(-1));
        return ops.reshape(
                logits,
                sizes,
                Shape.of(
                        read.shape().dim(0), read.shape().dim(1), logits.shape().dim(1)));
    }

    /** {@code [batch, labels]} */
    private Value likelihoods(Architecture architecture, Form form, Value hidden) {
        int places = words.places();
        int labels = words.words().size();
        long[] tokens = words.words().stream()
                .flatMap(List::stream)
                .mapToLong(Integer::longValue)
                .toArray();
        float[] isOf = new float[places * labels];
        int place = 0;
        for (int label = 0; label < labels; label++) {
            for (int i = 0; i < words.words().get(label).size(); i++) {
                isOf[place++ * labels + label] = 1;
            }
        }
        Value states = architecture.decoded(form, hidden, words);
        Value logits = architecture.vocabulary(form, states);
        Ops ops = form.ops().in("likelihoods");
        Value batch = ops.gather(ops.shape(form.paddedIds()), ops.vector(0), 0);
        Value sizes = ops.concat(0, new Dim(null, 2), batch, ops.vector(1));
        Value all = ops.expand(
                ops.reshape(ops.constant(Constant.vector(tokens)), Shape.of(1, places)),
                sizes,
                Shape.of("batch", places));
        Value column = ops.reshape(all, Shape.of(states.shape().dim(0), 1));
        Value each = ops.gatherElements(ops.logSoftmax(logits), column);
        Value byPlace = ops.reshape(each, Shape.of("batch", places));
        return ops.matMul(byPlace, ops.constant(Constant.floats(isOf, places, labels)));
    }

    /** Of every token that is to be written its cross entropy, and whether it is the likeliest; and of each text the words'. */
    @Override
    public Map<String, Value> evaluated(Form form, Map<String, Value> outputs) {
        Ops ops = form.ops().in("evaluated");
        Value logits = outputs.get(TOKEN_LOGITS);
        Value labels = outputs.get(LABELLED);
        Map<String, Value> evaluated = new LinkedHashMap<>();
        if (outputs.containsKey(LOGITS)) {
            evaluated.put(LOGITS, outputs.get(LOGITS));
        }
        Value losses = ops.neg(logProbabilities(logits, labels, ops));
        evaluated.put(MaskedLanguageModelHead.LOSSES, ops.reshape(losses, labels.shape()));
        evaluated.put(MaskedLanguageModelHead.HITS, ops.cast(ops.equal(ops.argMax(logits), labels), ElementType.FLOAT));
        return evaluated;
    }

    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        Ops ops = form.ops().in("loss");
        Value labels = outputs.get(LABELLED);
        Value sum = ops.reduceSum(logProbabilities(outputs.get(TOKEN_LOGITS), labels, ops), false, 0, 1);
        return ops.neg(ops.div(sum, ops.as(ops.size(labels), ElementType.FLOAT)));
    }

    /** {@code [labelled, 1]} */
    private static Value logProbabilities(Value logits, Value labels, Ops ops) {
        Value column = ops.reshape(labels, Shape.of(labels.shape().dim(0), 1));
        return ops.gatherElements(ops.logSoftmax(logits), column);
    }
}

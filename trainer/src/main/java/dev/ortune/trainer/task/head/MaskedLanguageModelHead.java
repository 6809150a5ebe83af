package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words behind masks (Devlin et al. 2019, arXiv:1810.04805): gives a logit a word of the vocabulary, {@code [batch, sequence,
 * vocab]} in the plain form and {@code [labelled, vocab]} in those that train, where the rows of tokens without a label are never
 * multiplied with the vocabulary; takes {@code labels}, the token that was there, -100 where nothing is to be said. With the
 * second objective of BERT's pre-training it gives {@code seq_relationship_logits} {@code [batch, 2]}, too, and takes {@code
 * next_sentence_label}: 0 where the second text follows the first, else 1.
 *
 * @param nextSentence whether it has the second objective
 */
public record MaskedLanguageModelHead(boolean nextSentence) implements Head {
    /** The token behind each mask. */
    public static final String LABELS = "labels";

    /** Whether the second text does not follow the first. */
    public static final String NEXT_SENTENCE_LABEL = "next_sentence_label";

    /** What speaks for the second text following the first, and against it. */
    public static final String NEXT_SENTENCE_LOGITS = "seq_relationship_logits";

    /** Of an evaluation: the cross entropy of each labelled token, float {@code [labelled]}. */
    public static final String LOSSES = "losses";

    /** Of an evaluation: 1 for each labelled token that has the highest logit, else 0, float {@code [labelled]}. */
    public static final String HITS = "hits";

    private static final String WEIGHT = ".weight";

    @Override
    public String className() {
        return nextSentence ? "ForPreTraining" : "ForMaskedLM";
    }

    /** The word embedding, to which the decoder is tied. */
    @Override
    public String lastLayer(Architecture architecture) {
        return tiedLayer(architecture);
    }

    static String tiedLayer(Architecture architecture) {
        String words = architecture.wordEmbeddings();
        return words.substring(0, words.length() - WEIGHT.length());
    }

    @Override
    public boolean meetsVocabulary() {
        return true;
    }

    @Override
    public Rows rows() {
        return Rows.ALL;
    }

    @Override
    public List<String> outputNames() {
        return nextSentence ? List.of(wordLogits(), NEXT_SENTENCE_LOGITS) : List.of(wordLogits());
    }

    private String wordLogits() {
        return nextSentence ? "prediction_logits" : "logits";
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put(wordLogits(), architecture.maskedLanguageModel(form, form.labelled(LABELS, hidden)));
        if (nextSentence) {
            outputs.put(NEXT_SENTENCE_LOGITS, architecture.nextSentence(form, hidden));
        }
        return outputs;
    }

    @Override
    public Map<String, Value> evaluated(Form form, Map<String, Value> outputs) {
        Map<String, Value> evaluated = TokenLosses.evaluated(form, outputs.get(wordLogits()));
        if (nextSentence) {
            evaluated.put(NEXT_SENTENCE_LOGITS, outputs.get(NEXT_SENTENCE_LOGITS));
        }
        return evaluated;
    }

    /** The mean cross entropy of the labelled tokens; with the second objective plus the mean one of its batch. */
    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        Value words = TokenLosses.mean(form, outputs.get(wordLogits()));
        if (!nextSentence) {
            return words;
        }
        Value follows = CrossEntropy.PLAIN.of(
                outputs.get(NEXT_SENTENCE_LOGITS),
                form.sequenceTarget(NEXT_SENTENCE_LABEL),
                form.ops().in("next_sentence"));
        return form.ops().in("loss").add(words, follows);
    }
}

package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.Map;

/**
 * The token that comes next (Radford et al. 2018, Improving Language Understanding by Generative Pre-Training): gives a logit a
 * token of the vocabulary, {@code [batch, sequence, vocab]} in the plain form and {@code [labelled, vocab]} in those that train;
 * takes {@code labels}, for each token the one after it, -100 where there is none. transformers takes them unshifted.
 */
public record CausalLanguageModelHead() implements Head {
    private static final String LOGITS = "logits";

    @Override
    public String className() {
        return "LMHeadModel";
    }

    @Override
    public String className(Architecture architecture) {
        return architecture.nextTokensClass();
    }

    @Override
    public String lastLayer(Architecture architecture) {
        return architecture.nextTokensLayer();
    }

    @Override
    public Rows rows() {
        return Rows.ALL;
    }

    @Override
    public boolean meetsVocabulary() {
        return true;
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        Value rows = form.labelled(MaskedLanguageModelHead.LABELS, hidden);
        return Map.of(LOGITS, architecture.causalLanguageModel(form, rows));
    }

    @Override
    public Map<String, Value> evaluated(Form form, Map<String, Value> outputs) {
        return TokenLosses.evaluated(form, outputs.get(LOGITS));
    }

    /** The mean cross entropy of all tokens that have one after them. */
    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        return TokenLosses.mean(form, outputs.get(LOGITS));
    }
}

package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.Map;

/**
 * A label a token: gives {@code logits} {@code [tokens, labels]}, or {@code [batch, sequence, labels]} in the plain form;
 * takes {@code labels}, -100 where there is none.
 *
 * @param labels how many there are
 * @param loss what is minimised, over the tokens that have a label
 */
public record TokenHead(int labels, CrossEntropy loss) implements Head {
    /** With the plain loss. */
    public TokenHead(int labels) {
        this(labels, CrossEntropy.PLAIN);
    }

    @Override
    public String className() {
        return "ForTokenClassification";
    }

    @Override
    public String lastLayer(Architecture architecture) {
        return architecture.tokenClassifier();
    }

    @Override
    public Rows rows() {
        return Rows.ALL;
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        return Map.of("logits", architecture.tokenClassification(form, hidden, labels));
    }

    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        return loss.ofLabelled(
                outputs.get("logits"), form.target("labels"), form.ops().in("loss"));
    }
}

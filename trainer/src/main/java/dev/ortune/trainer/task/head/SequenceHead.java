package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers a text: gives {@code logits} {@code [batch, labels]}, takes the {@code labels} that its loss declares.
 *
 * @param labels how many there are
 * @param loss what is minimised
 */
public record SequenceHead(int labels, SequenceLoss loss) implements Head {
    /** One label a text, with the plain loss. */
    public SequenceHead(int labels) {
        this(labels, CrossEntropy.PLAIN);
    }

    @Override
    public String className() {
        return "ForSequenceClassification";
    }

    @Override
    public Optional<String> problemType() {
        return Optional.of(loss.problemType());
    }

    @Override
    public String lastLayer(Architecture architecture) {
        return architecture.sequenceClassifier();
    }

    @Override
    public Rows rows() {
        return Rows.FIRST;
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        return Map.of("logits", architecture.sequenceClassification(form, hidden, labels));
    }

    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        return loss.of(outputs.get("logits"), form);
    }
}

package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;

/** What a classifier of whole texts minimises; which of them transformers takes is what its {@code problem_type} says. */
public sealed interface SequenceLoss permits CrossEntropy, MeanSquaredError, BinaryCrossEntropy {
    /** {@code problem_type} of config.json. */
    String problemType();

    /**
     * Adds the loss; declares the input {@code labels}.
     *
     * @param logits {@code [batch, labels]}
     * @return a scalar
     */
    Value of(Value logits, Form form);
}

package dev.ortune.trainer.report.run;

import java.util.List;

/** A set that was held out and what the model says of it. */
public sealed interface Holdout
        permits AnswerHoldout,
                ChoiceHoldout,
                ClassHoldout,
                TokenHoldout,
                NumberHoldout,
                LabelSetHoldout,
                WrittenHoldout {
    /** {@code validation} or {@code test}. */
    String role();

    /** Label names, in the order of their ids where the files tell it. */
    List<String> labels();

    /** Number of examples. */
    int size();

    /** Whether another model was asked about the very same examples. */
    boolean isSameSet(Holdout other);
}

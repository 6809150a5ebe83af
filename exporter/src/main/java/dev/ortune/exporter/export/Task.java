package dev.ortune.exporter.export;

import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.pass.Freeze;
import java.util.Locale;
import java.util.Map;

/** What a model is for, under the names of transformers' pipelines. */
enum Task {
    TEXT_CLASSIFICATION("ForSequenceClassification"),
    TOKEN_CLASSIFICATION("ForTokenClassification"),
    QUESTION_ANSWERING("ForQuestionAnswering"),
    MULTIPLE_CHOICE("ForMultipleChoice"),
    FILL_MASK("ForMaskedLM"),
    TEXT_GENERATION("LMHeadModel"),
    /** Any text that is written after another one; one that writes the names of labels is a classifier. */
    TEXT2TEXT_GENERATION("ForConditionalGeneration"),
    /** Numbers that stand for a text or its tokens. */
    FEATURE_EXTRACTION("Model");

    private static final String TEXTS = "input_ids";

    /** What the name of such a class of transformers ends with. */
    private final String suffix;

    Task(String suffix) {
        this.suffix = suffix;
    }

    /** What the configuration's architecture says; without one that is known, what the graph looks like. */
    static Task of(String architecture, Map<String, ValueType> inputs, Map<String, ValueType> outputs) {
        // ELECTRA's class of that ending is its discriminator.
        if (architecture.equals("BertForPreTraining")) {
            return FILL_MASK;
        }
        if (architecture.endsWith("ForCausalLM")) {
            return TEXT_GENERATION;
        }
        boolean written = inputs.containsKey(Freeze.DECODER_INPUT);
        for (Task task : values()) {
            if (architecture.endsWith(task.suffix) && (task != TEXT2TEXT_GENERATION || written)) {
                return task;
            }
        }
        ValueType logits = outputs.get("logits");
        if (logits == null) {
            return FEATURE_EXTRACTION;
        }
        if (takesChoices(inputs)) {
            return MULTIPLE_CHOICE;
        }
        return logits.rank() == TOKEN_CLASSIFICATION.rank() ? TOKEN_CLASSIFICATION : TEXT_CLASSIFICATION;
    }

    /** Whether texts come as [batch, choices, sequence]. */
    static boolean takesChoices(Map<String, ValueType> inputs) {
        return inputs.containsKey(TEXTS) && inputs.get(TEXTS).rank() == 3;
    }

    /** Dimensions of {@code logits}: [batch, labels] or [batch, sequence, labels]; 0 where any will do. */
    int rank() {
        return switch (this) {
            case TEXT_CLASSIFICATION -> 2;
            case TOKEN_CLASSIFICATION -> 3;
            default -> 0;
        };
    }

    /** Whether the last dimension of {@code logits} is one of labels that have names. */
    boolean hasLabels() {
        return rank() > 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

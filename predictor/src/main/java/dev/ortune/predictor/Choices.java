package dev.ortune.predictor;

import java.util.List;

/**
 * Texts of which one goes on with another, or answers it.
 *
 * @param text what comes first: a context, or a question without one
 * @param begun what every choice goes on with, such as a question about the context, or null
 * @param choices two at least
 */
public record Choices(String text, String begun, List<String> choices) implements Input {
    public Choices {
        choices = List.copyOf(choices);
    }

    /** What a model reads: the text, and a choice with what it goes on with before it, as transformers' run_swag has it. */
    public List<TextInput> pairs() {
        return choices.stream()
                .map(choice -> new TextInput(text, begun == null ? choice : begun + " " + choice))
                .toList();
    }
}

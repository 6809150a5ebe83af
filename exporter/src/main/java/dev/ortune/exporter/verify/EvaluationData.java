package dev.ortune.exporter.verify;

import dev.ortune.exporter.OrtuneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Texts to compare files on, most wanted first: those of {@code --data}, of the model's own validation set, or Ortune's.
 *
 * @param name what they are, for people
 * @param texts with their labels where they have any
 */
public record EvaluationData(String name, List<LabelledText> texts) {
    /** What {@code ortune train} left of the validation set. */
    static final String VALIDATION = "predictions_validation.tsv";

    /** What it left of one of questions. */
    static final String ANSWERS = "predictions_validation_nbest.jsonl";

    /** More than these tell little more and take their time. */
    private static final int MOST = 1000;

    private static final DataColumns QUESTIONS = new DataColumns("question", "context", null);

    /**
     * One text or pair of texts; or choices, each of which goes on with the second text, or is it where there is none.
     *
     * @param pair the second text, or null
     * @param label the id of the right label, or the place of the right choice, or -1
     * @param choices none where there is nothing to choose
     */
    public record LabelledText(String text, String pair, int label, List<String> choices) {
        public LabelledText {
            choices = List.copyOf(choices);
        }

        public LabelledText(String text, String pair, int label) {
            this(text, pair, label, List.of());
        }

        /** What a model reads of it: one text or pair, or one for each choice. */
        List<LabelledText> sequences() {
            return choices.isEmpty()
                    ? List.of(this)
                    : choices.stream()
                            .map(choice -> new LabelledText(text, pair == null ? choice : pair + " " + choice, -1))
                            .toList();
        }
    }

    public EvaluationData {
        texts = List.copyOf(texts);
    }

    /**
     * Finds the texts.
     *
     * @param file of {@code --data}, or null
     * @param columns of that file
     * @param labels that a text can have one of, in the order of their ids; none where no labels are read
     */
    public static EvaluationData of(Path model, Path file, DataColumns columns, List<String> labels) {
        Path answers = model.resolve(ANSWERS);
        boolean asked = labels.isEmpty() && Files.exists(answers);
        Path validation = asked ? answers : model.resolve(VALIDATION);
        if (file != null) {
            return new EvaluationData(file.getFileName().toString(), LabelledFile.read(file, columns, labels, MOST));
        }
        if (Files.exists(validation)) {
            try {
                return new EvaluationData(
                        "the model's validation set",
                        LabelledFile.read(validation, asked ? QUESTIONS : DataColumns.FOUND, labels, MOST));
            } catch (OrtuneException notOfTexts) {
                // What a task other than one label a text writes there may be anything, and is not needed.
                if (!labels.isEmpty()) {
                    throw notOfTexts;
                }
            }
        }
        return new EvaluationData("built-in sentences, without labels", BuiltinSentences.texts());
    }

    /**
     * Finds texts with choices.
     *
     * @param file of {@code --data}, or null
     * @param columns of that file
     */
    public static EvaluationData ofChoices(Path model, Path file, DataColumns columns) {
        if (file != null) {
            return new EvaluationData(file.getFileName().toString(), LabelledFile.readChoices(file, columns, MOST));
        }
        Path validation = model.resolve(VALIDATION);
        return Files.exists(validation)
                ? new EvaluationData(
                        "the model's validation set", LabelledFile.readChoices(validation, DataColumns.FOUND, MOST))
                : new EvaluationData("built-in sentences, without labels", BuiltinSentences.choices());
    }

    /** So many of the texts. */
    EvaluationData first(int count) {
        return new EvaluationData(name, texts.subList(0, count));
    }

    /** Whether all have labels. */
    public boolean labelled() {
        return texts.stream().allMatch(text -> text.label() >= 0);
    }

    /** The ids of the right labels; an error where there are none. */
    public int[] labels() {
        if (!labelled()) {
            throw new OrtuneException(name + ": has no labels");
        }
        return texts.stream().mapToInt(LabelledText::label).toArray();
    }
}

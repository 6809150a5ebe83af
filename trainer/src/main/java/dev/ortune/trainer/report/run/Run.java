package dev.ortune.trainer.report.run;

import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.report.AnswerPredictionsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One training run as its files tell it. A run that was interrupted has fewer of them.
 *
 * @param name what its model is called
 * @param arguments hyper-parameters, data, versions and hardware
 * @param parameters number of weights; 0 where none were kept yet
 * @param history how it went
 * @param validation what the model says of the validation set, or null
 * @param test what it says of the test set, or null
 * @param lengths of the sets in tokens
 */
public record Run(
        String name,
        Arguments arguments,
        long parameters,
        History history,
        Holdout validation,
        Holdout test,
        TokenLengths lengths) {
    /** The file without which nothing can be said. */
    private static final String ARGUMENTS = "training_args.json";

    /** A model that fills masks. */
    static final String FILL_MASK = "fill-mask";

    /** A model that goes on with texts. */
    static final String TEXT_GENERATION = "text-generation";

    /** A model that writes labels or any text. */
    private static final String TEXT_TO_TEXT = "text2text";

    /** What only a run that writes any text has. */
    private static final String WRITTEN = "/max_target_length";

    private static final String REGRESSION = "regression";
    private static final String MULTI_LABEL = "multi-label";

    /**
     * Reads a run's folder.
     *
     * @throws OrtuneException that names the folder when no run was there, or the file that is broken
     */
    public static Run read(Path folder, String name) {
        if (!Files.exists(folder.resolve(ARGUMENTS))) {
            throw new OrtuneException(folder + ": holds no " + ARGUMENTS + ", so no run of \"ortune train\"");
        }
        Arguments arguments = new Arguments(JsonFile.readObject(folder.resolve(ARGUMENTS)));
        Path metrics = folder.resolve("metrics.jsonl");
        Path lengths = folder.resolve("token_lengths.json");
        return new Run(
                name,
                arguments,
                parameters(folder.resolve("model.safetensors")),
                Files.exists(metrics) ? HistoryFile.read(metrics) : History.NONE,
                holdout(folder, arguments, "validation"),
                holdout(folder, arguments, "test"),
                Files.exists(lengths) ? TokenLengths.of(lengths, JsonFile.readObject(lengths)) : TokenLengths.NONE);
    }

    private static Holdout holdout(Path folder, Arguments arguments, String role) {
        if (arguments.text("/task").equals("question-answering")) {
            Path lines = folder.resolve("predictions_" + role + AnswerPredictionsFile.N_BEST);
            return Files.exists(lines) ? AnswerHoldoutFile.read(lines, role) : null;
        }
        Path file = folder.resolve("predictions_" + role + ".tsv");
        if (!Files.exists(file)) {
            return null;
        }
        return switch (arguments.text("/task")) {
            case "token-classification" -> TokenHoldoutFile.read(file, role);
            case REGRESSION -> NumberHoldoutFile.read(file, role);
            case TEXT_TO_TEXT ->
                arguments.has(WRITTEN) ? WrittenHoldoutFile.read(file, role) : HoldoutFile.read(file, role);
            case "multiple-choice" -> ChoiceHoldoutFile.read(file, role);
            case MULTI_LABEL -> LabelSetHoldoutFile.read(file, role, thresholds(folder.resolve("config.json")));
            default -> HoldoutFile.read(file, role);
        };
    }

    /** The probabilities from which labels are given, by label. */
    private static Map<String, Double> thresholds(Path config) {
        Map<String, Double> thresholds = new LinkedHashMap<>();
        if (Files.exists(config)) {
            JsonFile.readObject(config)
                    .path("thresholds")
                    .properties()
                    .forEach(field ->
                            thresholds.put(field.getKey(), field.getValue().asDouble()));
        }
        return thresholds;
    }

    private static long parameters(Path weights) {
        return Files.exists(weights)
                ? Safetensors.read(weights).all().stream()
                        .mapToLong(Tensor::elements)
                        .sum()
                : 0;
    }

    /** The pipeline of transformers that the model is for, under which the hub lists it. */
    public String pipelineTag() {
        return switch (task()) {
            case REGRESSION, MULTI_LABEL -> "text-classification";
            case TEXT_TO_TEXT -> "text2text-generation";
            default -> task();
        };
    }

    /** Whether the model writes any text. */
    public boolean writes() {
        return arguments.has(WRITTEN);
    }

    /** What the model says, as {@code --task} has it. */
    public String task() {
        return arguments.has("/task") ? arguments.text("/task") : "text-classification";
    }

    /** Whether the model learnt from texts without labels. */
    public boolean isPretraining() {
        return List.of(FILL_MASK, TEXT_GENERATION).contains(task());
    }

    /** The set by which the model is judged: the test set, else the validation set; null when there is neither. */
    public Holdout judged() {
        return test != null ? test : validation;
    }

    /** Whether it got to its end. */
    public boolean isComplete() {
        return history.end() != null;
    }
}

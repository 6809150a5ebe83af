package dev.ortune.trainer.report;

import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What a model said of choices, as a TSV file with a header. */
public final class ChoicePredictionsFile {
    private ChoicePredictionsFile() {}

    /**
     * Writes the text and what the choices go on with, then choices, logits and softmax, as many columns of each as the
     * example with the most choices has, which others leave empty; the places of the choice with the highest logit and of the
     * right one, counted from 0; source and tokens.
     */
    public static void write(Path file, EncodedDataset encoded, ChoicePredictions predictions) {
        int most = IntStream.range(0, predictions.size())
                .map(predictions::choices)
                .max()
                .orElse(0);
        List<String> header = new ArrayList<>();
        for (String column : List.of("choice_", "logit_", "probability_")) {
            IntStream.range(0, most).forEach(choice -> header.add(column + choice));
        }
        header.add("prediction");
        header.add("label");
        PredictionsFile.write(file, encoded, header, i -> {
            Target.Choices choices =
                    (Target.Choices) encoded.dataset().examples().get(i).target();
            double[] probabilities = predictions.probabilities(i);
            List<String> cells = new ArrayList<>();
            add(
                    cells,
                    most,
                    choices.choices().size(),
                    choice -> PredictionsFile.plain(choices.choices().get(choice)));
            add(
                    cells,
                    most,
                    probabilities.length,
                    choice -> PredictionsFile.decimals(predictions.logits()[i][choice]));
            add(cells, most, probabilities.length, choice -> PredictionsFile.decimals(probabilities[choice]));
            cells.add(String.valueOf(predictions.prediction(i)));
            cells.add(String.valueOf(choices.right()));
            return cells;
        });
    }

    private static void add(List<String> cells, int most, int count, IntFunction<String> cell) {
        IntStream.range(0, most).forEach(choice -> cells.add(choice < count ? cell.apply(choice) : ""));
    }
}

package dev.ortune.trainer.report;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a model said of each word, in the columns of CoNLL's shared tasks. */
public final class TokenPredictionsFile {
    private TokenPredictionsFile() {}

    /**
     * Writes word, label and prediction with tabs between, a line a word, a blank line after each sentence, all in the set's
     * order. The prediction of a word that was not measured is empty.
     */
    public static void write(Path file, Dataset set, TokenPredictions predictions) {
        StringBuilder text = new StringBuilder();
        for (int sentence = 0; sentence < set.size(); sentence++) {
            Target.WordLabels target =
                    (Target.WordLabels) set.examples().get(sentence).target();
            for (int word = 0; word < target.words().size(); word++) {
                int predicted = predictions.predictions()[sentence][word];
                text.append(PredictionsFile.plain(target.words().get(word)))
                        .append('\t')
                        .append(PredictionsFile.plain(predictions.names().get(target.labels()[word])))
                        .append('\t')
                        .append(
                                predicted == TokenPredictions.NONE
                                        ? ""
                                        : PredictionsFile.plain(
                                                predictions.names().get(predicted)))
                        .append('\n');
            }
            text.append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }
}

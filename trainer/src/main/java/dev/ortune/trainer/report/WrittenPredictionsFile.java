package dev.ortune.trainer.report;

import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** What a model wrote, and how likely the right texts were to it, as a TSV file with a header. */
public final class WrittenPredictionsFile {
    private WrittenPredictionsFile() {}

    /**
     * Writes sentence, target, prediction, the target's loss, its tokens and the right ones of these, a line an example in the
     * set's order, then source and tokens; predictions are empty where the model was not asked to write.
     *
     * @param target what was to be written
     */
    public static void write(
            Path file, EncodedDataset encoded, Function<Example, String> target, WrittenPredictions predictions) {
        PredictionsFile.write(
                file,
                encoded,
                List.of("target", "prediction", "loss", "target_tokens", "right_tokens"),
                i -> List.of(
                        PredictionsFile.plain(
                                target.apply(encoded.dataset().examples().get(i))),
                        i < predictions.written().size()
                                ? PredictionsFile.plain(predictions.written().get(i))
                                : "",
                        PredictionsFile.decimals(predictions.losses()[i]),
                        String.valueOf(predictions.tokens()[i]),
                        String.valueOf(predictions.right()[i])));
    }
}

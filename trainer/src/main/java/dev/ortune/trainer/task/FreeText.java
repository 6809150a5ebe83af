package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.WrittenPredictions;
import dev.ortune.trainer.report.WrittenPredictionsFile;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.TextToTextHead;
import dev.ortune.trainer.text.Pieces;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Any text for each text or pair of texts, which the model writes: a summary, a translation, an answer.
 *
 * @param prefix before each text
 * @param maxTargetLength tokens to cut a text that is to be written to, its end included
 */
public record FreeText(Prefix prefix, int maxTargetLength) implements Task, Examples, Scoring {
    /** Tokens of a text that is to be written where nobody says otherwise. */
    public static final int USUAL_LENGTH = 64;

    /** What begins a text: T5 has its padding do so. */
    private static final long START = 0;

    private static final String LENGTH_KEY = "max_target_length";

    public FreeText {
        if (maxTargetLength < 2) {
            throw new OrtuneException(
                    "--max-target-length must be at least 2, a token and the text's end, not " + maxTargetLength);
        }
    }

    @Override
    public String name() {
        return TextToText.NAME;
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        return new TextToTextHead(null);
    }

    /** One that names labels writes these. */
    @Override
    public boolean isOf(JsonNode config) {
        return Task.super.isOf(config) && !config.has("id2label");
    }

    @Override
    public Task of(JsonNode config) {
        return new FreeText(Prefix.of(config), maxTargetLength);
    }

    @Override
    public Task asDescribed(JsonNode arguments) {
        return new FreeText(prefix, arguments.path(LENGTH_KEY).asInt(maxTargetLength));
    }

    @Override
    public void describe(ObjectNode config, Labels labels) {
        prefix.describe(config);
        config.put("decoder_start_token_id", START);
    }

    @Override
    public double weight(Batch batch, CrossEntropy loss) {
        return TextToText.tokens(batch);
    }

    @Override
    public boolean hasLabels() {
        return false;
    }

    @Override
    public Examples examples() {
        return this;
    }

    @Override
    public Scoring scoring() {
        return this;
    }

    @Override
    public String kind() {
        return "texts with another one each";
    }

    /** Labels are texts, too: {@link TextToText#found} tells. */
    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return false;
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        return Datasets.texts(spec, columns);
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        if (named != null) {
            throw new OrtuneException("--label-names is for labels, but --targets says free");
        }
    }

    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        long[][] tokens = dataset.examples().parallelStream()
                .map(example -> tokens(text(example), tokenizer))
                .toArray(long[][]::new);
        Targets.Sequences sequences = new Targets.Sequences(tokens);
        Map<String, Targets> targets = new LinkedHashMap<>();
        targets.put(TextToTextHead.TARGETS, sequences);
        targets.put(TextToTextHead.READ, sequences.behind(START));
        return new EncodedDataset(
                dataset,
                EncodedDataset.encodings(dataset, example -> prefix.encode(example.text(), example.pair(), tokenizer)),
                targets);
    }

    /** What is to be written. */
    public static String text(Example example) {
        return ((Target.Text) example.target()).text();
    }

    /** A text that is too long keeps its end, as in transformers. */
    private long[] tokens(String text, TextTokenizer tokenizer) {
        int[] all = tokenizer.pieces(List.of(text), true, false).get(0).first(maxTargetLength);
        return Arrays.stream(all).mapToLong(Pieces::id).toArray();
    }

    /** How many texts of a set that are to be written may have lost tokens: those with as many as there is room for. */
    public long full(EncodedDataset set) {
        return Arrays.stream(((Targets.Sequences) set.targets().get(TextToTextHead.TARGETS)).values())
                .filter(tokens -> tokens.length == maxTargetLength)
                .count();
    }

    @Override
    public Predictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return WrittenPredictions.of(batches, TextToTextHead.TARGETS, model);
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return List.of(Metric.LOSS, Metric.TOKEN_ACCURACY, Metric.EXACT_MATCH);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        WrittenPredictionsFile.write(file, set, FreeText::text, (WrittenPredictions) predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return null;
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.plainLines(predictions.metrics());
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.plainJson(predictions.metrics());
    }
}

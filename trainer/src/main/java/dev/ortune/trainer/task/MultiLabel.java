package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.LabelSetPredictions;
import dev.ortune.trainer.report.LabelSetPredictionsFile;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.MultiLabelMetrics;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.ThresholdChoice;
import dev.ortune.trainer.task.head.BinaryCrossEntropy;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Any number of labels for each text or pair of texts.
 *
 * @param positiveWeights how much a text with a label counts beside one without
 * @param loss what is minimised, of those weights for a training set
 * @param thresholds the probability from which a label is given, by its name; {@link ThresholdChoice#USUAL} where it has none
 */
public record MultiLabel(PositiveWeights positiveWeights, BinaryCrossEntropy loss, Map<String, Double> thresholds)
        implements Task, Examples, Scoring {
    /** The key of config.json. */
    private static final String THRESHOLDS = "thresholds";

    public MultiLabel {
        thresholds = Map.copyOf(thresholds);
    }

    /** Of no training set yet. */
    public MultiLabel(PositiveWeights positiveWeights) {
        this(positiveWeights, BinaryCrossEntropy.PLAIN, Map.of());
    }

    @Override
    public String name() {
        return "multi-label";
    }

    @Override
    public Head head(int labels, CrossEntropy ofClasses) {
        return new SequenceHead(labels, loss);
    }

    @Override
    public boolean isOf(JsonNode config) {
        return Task.super.isOf(config) && config.path("problem_type").asText().equals("multi_label_classification");
    }

    @Override
    public Task of(JsonNode config) {
        Map<String, Double> found = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : config.path(THRESHOLDS).properties()) {
            double value = field.getValue().asDouble(Double.NaN);
            if (!(value >= 0 && value <= 1)) {
                throw new OrtuneException(
                        "config.json: thresholds must be from 0 to 1, but that of " + Printable.of(field.getKey())
                                + " is " + Printable.of(field.getValue().toString()));
            }
            found.put(field.getKey(), value);
        }
        return new MultiLabel(positiveWeights, loss, found);
    }

    @Override
    public Task fitted(Dataset train) {
        return new MultiLabel(positiveWeights, new BinaryCrossEntropy(positiveWeights.of(train)), thresholds);
    }

    @Override
    public Task tuned(Predictions validation) {
        LabelSetPredictions predictions = (LabelSetPredictions) validation;
        double[] chosen = ThresholdChoice.of(predictions);
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int label = 0; label < chosen.length; label++) {
            byName.put(predictions.names().get(label), chosen[label]);
        }
        return new MultiLabel(positiveWeights, loss, byName);
    }

    @Override
    public void describe(ObjectNode config, Labels labels) {
        if (!thresholds.isEmpty()) {
            ObjectNode json = config.putObject(THRESHOLDS);
            labels.names().forEach(name -> json.put(name, threshold(name)));
        }
    }

    private double threshold(String label) {
        return thresholds.getOrDefault(label, ThresholdChoice.USUAL);
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
        return "texts with several labels each";
    }

    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return !Datasets.isBuiltin(spec) && (columns.labelSets().isSaid() || Datasets.holdLists(spec, columns));
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        return Datasets.labelSets(spec, columns, known);
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        if (Arrays.stream(train.occurrences()).allMatch(count -> count == 0 || count == train.size())) {
            throw new OrtuneException(train.name() + ": every row has the same labels; there is nothing to learn");
        }
    }

    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        return new EncodedDataset(
                dataset,
                EncodedDataset.encodings(dataset, example -> tokenizer.encode(example.text(), example.pair())),
                Map.of(Batch.LABELS, Targets.ofLabelSets(dataset)));
    }

    @Override
    public LabelSetPredictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        double[] each = thresholds(batches.data().dataset().labels().names());
        return LabelSetPredictions.of(batches, each, batch -> model.apply(batch).get(LOGITS));
    }

    private double[] thresholds(List<String> labels) {
        return labels.stream().mapToDouble(this::threshold).toArray();
    }

    @Override
    public Predictions judged(Predictions predictions) {
        LabelSetPredictions sets = (LabelSetPredictions) predictions;
        return new LabelSetPredictions(sets.names(), sets.logits(), sets.labels(), thresholds(sets.names()));
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return List.of(Metric.F1_MICRO, Metric.F1_MACRO, Metric.EXACT_MATCH, Metric.RANKING_AP, Metric.LOSS);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        LabelSetPredictionsFile.write(file, set, (LabelSetPredictions) predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return null;
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.lines((MultiLabelMetrics) predictions.metrics());
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.json(predictions.metrics(), labels.names());
    }
}

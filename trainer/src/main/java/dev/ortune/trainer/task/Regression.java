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
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.NumberPredictions;
import dev.ortune.trainer.report.NumberPredictionsFile;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.MeanSquaredError;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A number for each text or pair of texts, as how much two sentences mean the same. */
public record Regression() implements Task, Examples, Scoring {
    @Override
    public String name() {
        return "regression";
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        return new SequenceHead(1, new MeanSquaredError());
    }

    /** One logit alone without a word about it is a number, too: transformers' rule. */
    @Override
    public boolean isOf(JsonNode config) {
        String problem = config.path("problem_type").asText("");
        return Task.super.isOf(config)
                && (problem.equals("regression")
                        || (problem.isEmpty() && config.path("id2label").size() == 1));
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
        return "texts with a number each";
    }

    /** Numbers may always be classes; see {@link Tasks#ofData}. */
    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return false;
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        return Datasets.numbers(spec, columns, known);
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        if (train.examples().stream().map(Example::target).distinct().count() < 2) {
            throw new OrtuneException(train.name() + ": every row has the same number; there is nothing to learn");
        }
    }

    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        return new EncodedDataset(
                dataset,
                EncodedDataset.encodings(dataset, example -> tokenizer.encode(example.text(), example.pair())),
                Map.of(Batch.LABELS, Targets.ofNumbers(dataset)));
    }

    @Override
    public NumberPredictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return NumberPredictions.of(batches, batch -> model.apply(batch).get(LOGITS));
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return List.of(Metric.PEARSON, Metric.SPEARMAN, Metric.RMSE, Metric.LOSS);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        NumberPredictionsFile.write(file, set, (NumberPredictions) predictions);
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

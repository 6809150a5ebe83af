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
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.ClassPredictions;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.PredictionsFile;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A label for each text or pair of texts. */
public record TextClassification() implements Task, Examples, Scoring {
    @Override
    public String name() {
        return "text-classification";
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        return new SequenceHead(labels, loss);
    }

    @Override
    public boolean isOf(JsonNode config) {
        return Task.super.isOf(config)
                && !new Regression().isOf(config)
                && !config.path("problem_type").asText().equals("multi_label_classification");
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public double weight(Batch batch, CrossEntropy loss) {
        return loss.weight(batch.labels());
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
        return "texts with a label each";
    }

    /** Files of texts may be of several tasks; the built-in set is of this one. */
    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return Datasets.isBuiltin(spec);
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        return Datasets.open(spec, columns, known);
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        requireEachLabel(train, named);
        if (train.labels().count() < 2) {
            throw new OrtuneException(train.name() + ": every row has the label "
                    + train.labels().names().get(0) + "; a classifier needs two labels at least");
        }
    }

    /** A name that no row bears is most likely one too many. */
    private static void requireEachLabel(Dataset train, Labels named) {
        if (named == null) {
            return;
        }
        long used =
                train.examples().stream().mapToInt(Example::label).distinct().count();
        if (used != named.count()) {
            throw new OrtuneException(train.name() + ": its rows have " + used + " different labels, but --label-names"
                    + " names " + named.count() + ": " + String.join(", ", named.names()));
        }
    }

    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        return EncodedDataset.encode(dataset, example -> tokenizer.encode(example.text(), example.pair()));
    }

    @Override
    public ClassPredictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return ClassPredictions.of(batches, batch -> model.apply(batch).get(LOGITS));
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return List.of(Metric.MCC, Metric.ACCURACY, Metric.F1, Metric.LOSS);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        PredictionsFile.write(file, set, (ClassPredictions) predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return ((ClassPredictions) predictions).batchMcc(batchSize);
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        ClassPredictions classes = (ClassPredictions) predictions;
        return EvaluationText.lines(classes.metrics(), classes.batchMcc(batchSize), labels.names());
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        ClassPredictions classes = (ClassPredictions) predictions;
        return EvaluationText.json(classes.metrics(), classes.batchMcc(batchSize), labels.names());
    }
}

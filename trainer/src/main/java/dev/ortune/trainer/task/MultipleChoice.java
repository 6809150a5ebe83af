package dev.ortune.trainer.task;

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
import dev.ortune.trainer.report.ChoiceMetrics;
import dev.ortune.trainer.report.ChoicePredictions;
import dev.ortune.trainer.report.ChoicePredictionsFile;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.task.head.ChoiceHead;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.Encoding;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which of several choices goes on with a text or answers a question. Each choice is a sequence of its own, a pair of the
 * text and the choice as transformers' run_swag makes them, and all choices of an example are in one batch. Examples may have
 * different numbers of choices.
 */
public record MultipleChoice() implements Task, Examples, Scoring {
    @Override
    public String name() {
        return "multiple-choice";
    }

    @Override
    public boolean hasLabels() {
        return false;
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        return new ChoiceHead();
    }

    /** The mean loss of a batch is that of its examples, each of which has one right choice. */
    @Override
    public double weight(Batch batch, CrossEntropy loss) {
        return Arrays.stream(batch.labels()).sum();
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
        return "choices of which one is right";
    }

    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return Datasets.holdChoices(spec, columns);
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        if (Datasets.isBuiltin(spec)) {
            throw new OrtuneException(spec + ": holds texts with a label each, and no choices");
        }
        return Datasets.choices(spec, columns);
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        if (named != null) {
            throw new OrtuneException("--label-names is for labels, and choices have none");
        }
    }

    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        List<List<Encoding>> choices = dataset.examples().parallelStream()
                .map(example -> choices(example).choices().stream()
                        .map(choice -> tokenizer.encode(example.text(), second(example, choice)))
                        .toList())
                .toList();
        List<Encoding> all = new ArrayList<>();
        choices.forEach(all::addAll);
        int[] of = new int[all.size()];
        long[] right = new long[all.size()];
        int row = 0;
        for (int example = 0; example < choices.size(); example++) {
            right[row + choices(dataset.examples().get(example)).right()] = 1;
            for (int choice = 0; choice < choices.get(example).size(); choice++) {
                of[row++] = example;
            }
        }
        long[] ids = IntStream.of(of).asLongStream().toArray();
        return new EncodedDataset(
                dataset,
                all,
                Map.of(
                        ChoiceHead.LABELS,
                        new Targets.OneAnExample(right),
                        ChoiceHead.EXAMPLE_IDS,
                        new Targets.OneAnExample(ids)),
                of,
                true);
    }

    private static Target.Choices choices(Example example) {
        return (Target.Choices) example.target();
    }

    /** The second text of a choice's pair. */
    private static String second(Example example, String choice) {
        return example.pair() == null ? choice : example.pair() + " " + choice;
    }

    @Override
    public ChoicePredictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return ChoicePredictions.of(batches, batch -> model.apply(batch).get(LOGITS));
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return List.of(Metric.ACCURACY, Metric.LOSS);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        ChoicePredictionsFile.write(file, set, (ChoicePredictions) predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return null;
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.lines((ChoiceMetrics) predictions.metrics());
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.plainJson(predictions.metrics());
    }
}

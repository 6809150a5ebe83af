package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.layers.Written;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.TextToTextHead;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A label for each text or pair of texts, which the model writes: its name is what is to be written. Since the labels are a
 * closed set, the likeliest of them is the model's verdict, measured as any classifier's.
 *
 * @param prefix before each text
 * @param words the tokens of each label; null before a tokenizer is there
 * @param otherwise what it is where the texts to be written are no closed set; null where that is settled
 */
public record TextToText(Prefix prefix, Written.Words words, FreeText otherwise) implements Task, Examples, Scoring {
    static final String NAME = "text2text";

    /** More different texts than this are no labels. */
    private static final int MOST_LABELS = 100;

    /** Rows a label on average; fewer are not taken for labels unless there are two of these. */
    private static final int FEWEST_ROWS = 10;

    private static final TextClassification CLASSES = new TextClassification();

    /** Of labels. */
    public TextToText(Prefix prefix) {
        this(prefix, null, null);
    }

    /** Of labels, or else of what the data tell. */
    public TextToText(Prefix prefix, FreeText otherwise) {
        this(prefix, null, otherwise);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Labels where somebody named them, or few texts stand in many rows. */
    @Override
    public Found found(String spec, ReadOptions columns, Labels named) {
        TextToText labels = new TextToText(prefix);
        if (otherwise == null || named != null || CLASSES.isMeant(spec, columns)) {
            return new Found(labels, null);
        }
        Dataset texts = otherwise.read(spec, columns, null);
        long different =
                texts.examples().stream().map(Example::target).distinct().count();
        boolean closed = different <= 2 || (different <= MOST_LABELS && different * FEWEST_ROWS <= texts.size());
        String counted = spec + " has " + different + " different targets in " + texts.size() + " rows, so ";
        return closed
                ? new Found(labels, counted + "they are labels of which one is written; --targets free takes any text")
                : new Found(otherwise, counted + "any text is written; --targets labels chooses among them");
    }

    /** One that names no labels writes any text. */
    @Override
    public boolean isOf(JsonNode config) {
        return Task.super.isOf(config) && config.has("id2label");
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        return new TextToTextHead(words == null ? new Written.Words(List.of(List.of(0))) : words);
    }

    @Override
    public Task of(JsonNode config) {
        return new TextToText(Prefix.of(config), words, null);
    }

    @Override
    public void describe(ObjectNode config, Labels labels) {
        prefix.describe(config);
        config.put("decoder_start_token_id", 0);
    }

    @Override
    public int labels(JsonNode config, int rows) {
        return config.path("id2label").size();
    }

    /** A batch's loss is the mean over the tokens that are to be written. */
    @Override
    public double weight(Batch batch, CrossEntropy loss) {
        return tokens(batch);
    }

    /** How many tokens are to be written. */
    static double tokens(Batch batch) {
        return Arrays.stream(batch.longs(TextToTextHead.TARGETS))
                .filter(token -> token >= 0)
                .count();
    }

    @Override
    public Task tokenised(Labels labels, TextTokenizer tokenizer) {
        return new TextToText(
                prefix,
                new Written.Words(labels.names().stream()
                        .map(name -> tokens(name, tokenizer))
                        .toList()),
                null);
    }

    private static List<Integer> tokens(String name, TextTokenizer tokenizer) {
        return Arrays.stream(tokenizer.encode(name, null).ids()).boxed().toList();
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

    /** Any set of texts with labels may be meant so, if somebody says it. */
    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return false;
    }

    @Override
    public void requireFitting(String spec, ReadOptions columns, String said) {
        if (!CLASSES.isMeant(spec, columns)) {
            Task.super.requireFitting(spec, columns, said);
        }
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        return CLASSES.read(spec, columns, known);
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        CLASSES.requireTrainable(train, named);
        if (train.labels().equals(Labels.numbered(train.labels().count()))) {
            throw new OrtuneException(train.name() + ": numbers its labels, but text2text writes words; name them with"
                    + " --label-names, in the order of the numbers: --label-names unacceptable,acceptable");
        }
    }

    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        long[][] words = dataset.labels().names().stream()
                .map(name -> tokens(name, tokenizer).stream()
                        .mapToLong(Integer::longValue)
                        .toArray())
                .toArray(long[][]::new);
        Map<String, Targets> targets = new LinkedHashMap<>();
        targets.put(Batch.LABELS, Targets.ofClasses(dataset));
        targets.put(
                TextToTextHead.TARGETS,
                new Targets.Sequences(dataset.examples().stream()
                        .mapToInt(Example::label)
                        .mapToObj(label -> words[label])
                        .toArray(long[][]::new)));
        return new EncodedDataset(
                dataset,
                EncodedDataset.encodings(dataset, example -> prefix.encode(example.text(), example.pair(), tokenizer)),
                targets);
    }

    @Override
    public Predictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return CLASSES.predictions(batches, model);
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return CLASSES.metrics(labels);
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        CLASSES.write(file, set, predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return CLASSES.batches(predictions, batchSize);
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        return CLASSES.lines(predictions, batchSize, labels);
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        return CLASSES.json(predictions, batchSize, labels);
    }
}

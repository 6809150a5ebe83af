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
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.QuestionReader;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.AnswerMetrics;
import dev.ortune.trainer.report.AnswerPredictions;
import dev.ortune.trainer.report.AnswerPredictionsFile;
import dev.ortune.trainer.report.AnswerText;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.task.head.AnswerHead;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.Encoding;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The part of a context that answers a question, or that there is none. A context that is too long is read in windows, each
 * of which is a sequence of its own; what the model says of them is put together as transformers' run_qa does it.
 *
 * @param noAnswer whether there may be none
 * @param stride tokens that a window shares with the next, {@code --doc-stride}
 * @param maxAnswerLength tokens of the longest answer, {@code --max-answer-length}
 * @param nullThreshold the highest null score with which an answer stands; no number before the validation set told it
 */
public record QuestionAnswering(NoAnswer noAnswer, int stride, int maxAnswerLength, double nullThreshold)
        implements Task, Examples, Scoring {
    /** Tokens that run_qa has windows share. */
    public static final int STRIDE = 128;

    /** Tokens of run_qa's longest answer. */
    public static final int MAX_ANSWER_LENGTH = 30;

    /** Tokens of run_qa's windows. */
    private static final int WINDOW = 384;

    /** The name of run_qa's option for it, in config.json. */
    private static final String THRESHOLD = "null_score_diff_threshold";

    private static final AnswerPredictions.Names NAMES = new AnswerPredictions.Names(
            AnswerHead.START_LOGITS, AnswerHead.END_LOGITS, AnswerHead.START_POSITIONS, AnswerHead.END_POSITIONS);

    public QuestionAnswering {
        if (stride < 0) {
            throw new OrtuneException("--doc-stride must not be negative, but is " + stride);
        }
        if (maxAnswerLength < 1) {
            throw new OrtuneException("--max-answer-length must be at least 1, not " + maxAnswerLength);
        }
    }

    /** With run_qa's windows. */
    public QuestionAnswering(NoAnswer noAnswer) {
        this(noAnswer, STRIDE, MAX_ANSWER_LENGTH, Double.NaN);
    }

    /** As the data are, with run_qa's windows. */
    public QuestionAnswering() {
        this(NoAnswer.AS_THE_DATA);
    }

    /** The same with other windows and answers. */
    public QuestionAnswering with(int otherStride, int otherLength) {
        return new QuestionAnswering(noAnswer, otherStride, otherLength, nullThreshold);
    }

    private QuestionAnswering with(NoAnswer other) {
        return new QuestionAnswering(other, stride, maxAnswerLength, nullThreshold);
    }

    private QuestionAnswering withThreshold(double threshold) {
        return new QuestionAnswering(NoAnswer.POSSIBLE, stride, maxAnswerLength, threshold);
    }

    @Override
    public String name() {
        return "question-answering";
    }

    @Override
    public boolean hasLabels() {
        return false;
    }

    @Override
    public int maxLength() {
        return WINDOW;
    }

    @Override
    public Head head(int labels, CrossEntropy loss) {
        if (loss.classWeights() != null || loss.labelSmoothing() > 0) {
            throw new OrtuneException("--class-weights and --label-smoothing are for labels, and answers have none");
        }
        return new AnswerHead();
    }

    @Override
    public Task fitted(Dataset train) {
        long without = train.examples().stream()
                .filter(example -> answers(example).answers().isEmpty())
                .count();
        return switch (noAnswer) {
            case POSSIBLE -> this;
            case AS_THE_DATA -> with(without > 0 ? NoAnswer.POSSIBLE : NoAnswer.NEVER);
            case NEVER -> {
                if (without > 0) {
                    throw new OrtuneException(train.name() + ": " + without + " of " + train.size()
                            + " questions have no answer; --task squad_v2 learns when there is none");
                }
                yield this;
            }
        };
    }

    @Override
    public Task tuned(Predictions validation) {
        return noAnswer == NoAnswer.POSSIBLE ? withThreshold(((AnswerPredictions) validation).chosenThreshold()) : this;
    }

    @Override
    public void describe(ObjectNode config, Labels labels) {
        config.remove(THRESHOLD);
        if (!Double.isNaN(nullThreshold)) {
            config.put(THRESHOLD, nullThreshold);
        }
    }

    @Override
    public Task of(JsonNode config) {
        return config.path(THRESHOLD).isNumber()
                ? withThreshold(config.path(THRESHOLD).asDouble())
                : with(NoAnswer.NEVER);
    }

    @Override
    public Task asDescribed(JsonNode arguments) {
        return with(
                Math.max(0, arguments.path("doc_stride").asInt(stride)),
                Math.max(1, arguments.path("max_answer_length").asInt(maxAnswerLength)));
    }

    /** The same predictions, by the threshold that the validation set chose. */
    @Override
    public AnswerPredictions judged(Predictions predictions) {
        AnswerPredictions answers = (AnswerPredictions) predictions;
        return new AnswerPredictions(answers.questions(), answers.loss(), answers.mayBeNone(), nullThreshold);
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
        return "questions with answers in a context";
    }

    @Override
    public boolean isMeant(String spec, ReadOptions columns) {
        return !Datasets.isBuiltin(spec) && QuestionReader.reads(path(spec));
    }

    @Override
    public Dataset read(String spec, ReadOptions columns, Labels known) {
        if (!columns.equals(ReadOptions.DEFAULTS)) {
            throw new OrtuneException(
                    spec + ": questions and contexts have names of their own; options that name columns"
                            + " are for other tasks");
        }
        return QuestionReader.read(path(spec));
    }

    private static Path path(String spec) {
        try {
            return Path.of(spec);
        } catch (InvalidPathException e) {
            throw new OrtuneException(spec + ": no valid file name: " + e.getReason(), e);
        }
    }

    @Override
    public void requireTrainable(Dataset train, Labels named) {
        if (named != null) {
            throw new OrtuneException("--label-names is for labels, and answers have none");
        }
        if (train.examples().stream()
                .allMatch(example -> answers(example).answers().isEmpty())) {
            throw new OrtuneException(train.name() + ": no question has an answer");
        }
    }

    private static Target.Answers answers(Example example) {
        return (Target.Answers) example.target();
    }

    /** A window's target is the first of the answers where that lies in it as a whole, else its first token, [CLS]. */
    @Override
    public EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer) {
        List<List<Encoding>> windows = dataset.examples().parallelStream()
                .map(example -> windows(dataset, example, tokenizer))
                .toList();
        List<Encoding> all = new ArrayList<>();
        List<Integer> examples = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            all.addAll(windows.get(i));
            examples.addAll(Collections.nCopies(windows.get(i).size(), i));
        }
        int[] of = examples.stream().mapToInt(Integer::intValue).toArray();
        long[] starts = new long[all.size()];
        long[] ends = new long[all.size()];
        for (int row = 0; row < of.length; row++) {
            List<Target.Answer> right = answers(dataset.examples().get(of[row])).answers();
            if (!right.isEmpty() && holds(all.get(row), right.get(0))) {
                starts[row] = first(all.get(row), right.get(0));
                ends[row] = last(all.get(row), right.get(0));
            }
        }
        return new EncodedDataset(
                dataset,
                all,
                Map.of(
                        AnswerHead.START_POSITIONS,
                        new Targets.OneAnExample(starts),
                        AnswerHead.END_POSITIONS,
                        new Targets.OneAnExample(ends)),
                of,
                false);
    }

    private List<Encoding> windows(Dataset dataset, Example example, TextTokenizer tokenizer) {
        try {
            return tokenizer.windows(AnswerText.stripped(example.text()), example.pair(), stride);
        } catch (OrtuneException e) {
            throw new OrtuneException(
                    dataset.name() + ", question "
                            + Printable.of(answers(example).id()) + ": " + e.getMessage(),
                    e);
        }
    }

    private static IntStream tokens(Encoding window) {
        return IntStream.range(0, window.length()).filter(window::isOfSecond);
    }

    private static boolean holds(Encoding window, Target.Answer answer) {
        int[] tokens = tokens(window).toArray();
        return tokens.length > 0
                && window.spans()[2 * tokens[0]] <= answer.start()
                && window.spans()[2 * tokens[tokens.length - 1] + 1] >= answer.end();
    }

    /** The last token that begins no later than the answer. */
    private static int first(Encoding window, Target.Answer answer) {
        return tokens(window)
                .filter(token -> window.spans()[2 * token] <= answer.start())
                .max()
                .orElseThrow();
    }

    /** The first token that ends no earlier than the answer. */
    private static int last(Encoding window, Target.Answer answer) {
        return tokens(window)
                .filter(token -> window.spans()[2 * token + 1] >= answer.end())
                .min()
                .orElseThrow();
    }

    @Override
    public AnswerPredictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model) {
        return AnswerPredictions.of(
                batches,
                NAMES,
                new AnswerPredictions.Choice(maxAnswerLength, noAnswer == NoAnswer.POSSIBLE, nullThreshold),
                model);
    }

    @Override
    public List<Metric> metrics(Labels labels) {
        return List.of(Metric.F1, Metric.EXACT_MATCH, Metric.LOSS);
    }

    @Override
    public String fileEnding() {
        return ".json";
    }

    @Override
    public void write(Path file, EncodedDataset set, Predictions predictions) {
        AnswerPredictionsFile.write(file, set.dataset(), (AnswerPredictions) predictions);
    }

    @Override
    public BatchMcc batches(Predictions predictions, int batchSize) {
        return null;
    }

    @Override
    public List<String> lines(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.lines((AnswerMetrics) predictions.metrics());
    }

    @Override
    public ObjectNode json(Predictions predictions, int batchSize, Labels labels) {
        return EvaluationText.json((AnswerMetrics) predictions.metrics());
    }
}

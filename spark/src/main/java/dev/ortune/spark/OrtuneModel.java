package dev.ortune.spark;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.device.Gpu;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.predictor.model.VersionFolder;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * A model that {@code ortune export} has written, as a transformer of spark.ml: adds what it says of each row's text.
 *
 * <pre>{@code
 * Dataset<Row> scored = new OrtuneModel()
 *         .setModel("models/mine")
 *         .setInputCol("text")
 *         .transform(texts);
 * }</pre>
 *
 * <p>The columns that it adds depend on what the model was trained for:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><th>task</th><th>prediction</th><th>others</th></tr>
 * <tr><td>text-classification</td><td>the likeliest label's index, or of a regression the number</td>
 *     <td>predictedLabel, probability, rawPrediction</td></tr>
 * <tr><td>the same with several labels</td><td>an array of indices</td>
 *     <td>predictedLabel (an array), probability, rawPrediction</td></tr>
 * <tr><td>token-classification</td><td>an array of entities</td><td></td></tr>
 * <tr><td>question-answering</td><td>the answer with its place and score</td><td></td></tr>
 * <tr><td>multiple-choice</td><td>the choice's index</td><td>predictedLabel (its text), probability</td></tr>
 * <tr><td>fill-mask</td><td>for each mask an array of tokens</td><td></td></tr>
 * <tr><td>text-generation</td><td>the text that was added</td><td></td></tr>
 * </table>
 *
 * <p>Rows keep their order and their columns. One whose text is null, or that cannot be answered, gets nulls and is counted, unless
 * {@code handleInvalid} says otherwise. Each executor loads the model once for all its tasks, from files that the driver sends and
 * whose SHA-256 is checked.
 */
public final class OrtuneModel extends Transformer implements MLWritable {
    private static final long serialVersionUID = 1L;
    private static final int MAX_NEW_TOKENS = 50;

    private final String uid;
    private final Param<String> model;
    private final Param<String> adapter;
    private final Param<String> inputCol;
    private final Param<String> pairCol;
    private final Param<String> choicesCol;
    private final Param<String> predictionCol;
    private final Param<String> predictedLabelCol;
    private final Param<String> probabilityCol;
    private final Param<String> rawPredictionCol;
    private final Param<String> precision;
    private final Param<String> device;
    private final Param<String> handleInvalid;
    private final IntParam maxBatchTokens;
    private final IntParam maxLength;
    private final IntParam maxNewTokens;
    private final BooleanParam truncate;
    private transient LongAccumulator rows;
    private transient LongAccumulator unanswered;

    /** One that has no model yet. */
    public OrtuneModel() {
        this(Identifiable.randomUID("ortune"));
    }

    /** One of a name, as spark.ml makes them when it reads or copies one. */
    public OrtuneModel(String uid) {
        this.uid = uid;
        model = new Param<>(this, "model", "folder of an exported model, on the driver or where Hadoop finds it");
        adapter = new Param<>(this, "adapter", "which of the adapters in the folder; empty for none");
        inputCol = new Param<>(this, "inputCol", "column of texts, of questions, or of contexts for choices");
        pairCol = new Param<>(this, "pairCol", "column of second texts, of contexts, or of questions for choices");
        choicesCol = new Param<>(this, "choicesCol", "column with an array of choices");
        predictionCol = new Param<>(this, "predictionCol", "column for what the model says; empty for none");
        predictedLabelCol = new Param<>(this, "predictedLabelCol", "column for a label's name; empty for none");
        probabilityCol = new Param<>(this, "probabilityCol", "column for all probabilities; empty for none");
        rawPredictionCol = new Param<>(this, "rawPredictionCol", "column for all logits; empty for none");
        precision = new Param<>(
                this, "precision", "of the file: auto, fp32, fp16, int8 or int4", ParamValidators.inArray(new Object[] {
                    "auto", "fp32", "fp16", "int8", "int4"
                }));
        device = new Param<>(
                this,
                "device",
                "cpu, cuda, or auto for the GPUs that Spark gives to tasks",
                ParamValidators.inArray(new Object[] {"auto", "cpu", "cuda"}));
        handleInvalid = new Param<>(
                this,
                "handleInvalid",
                "what becomes of a row that has no answer: keep (with nulls), skip or error",
                ParamValidators.inArray(new Object[] {"keep", "skip", "error"}));
        maxBatchTokens = new IntParam(this, "maxBatchTokens", "tokens of a batch at most", ParamValidators.gt(0));
        maxLength =
                new IntParam(this, "maxLength", "tokens of a text at most; 0 for the model's", ParamValidators.gtEq(0));
        maxNewTokens = new IntParam(
                this, "maxNewTokens", "of a model that writes texts: tokens to add at most", ParamValidators.gt(0));
        truncate = new BooleanParam(this, "truncate", "whether texts that are too long are cut or have no answer");
        setDefault(adapter, "");
        setDefault(inputCol, "text");
        setDefault(pairCol, "");
        setDefault(choicesCol, "");
        setDefault(predictionCol, "prediction");
        setDefault(predictedLabelCol, "predictedLabel");
        setDefault(probabilityCol, "probability");
        setDefault(rawPredictionCol, "rawPrediction");
        setDefault(precision, "auto");
        setDefault(device, "auto");
        setDefault(handleInvalid, "keep");
        setDefault(maxBatchTokens, BatchOptions.MAX_BATCH_TOKENS);
        setDefault(maxLength, 0);
        setDefault(maxNewTokens, MAX_NEW_TOKENS);
        setDefault(truncate, true);
    }

    /** Reads what {@link #save} has written. */
    public static OrtuneModel load(String path) {
        return read().load(path);
    }

    /** Reads what {@link #write} writes; spark.ml calls it by its name. */
    public static MLReader<OrtuneModel> read() {
        return new ModelReader();
    }

    /** Writes the parameters, and the model's files beside them. */
    @Override
    public MLWriter write() {
        return new ModelWriter(this);
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> model() {
        return model;
    }

    public Param<String> adapter() {
        return adapter;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> pairCol() {
        return pairCol;
    }

    public Param<String> choicesCol() {
        return choicesCol;
    }

    public Param<String> predictionCol() {
        return predictionCol;
    }

    public Param<String> predictedLabelCol() {
        return predictedLabelCol;
    }

    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    public Param<String> rawPredictionCol() {
        return rawPredictionCol;
    }

    public Param<String> precision() {
        return precision;
    }

    public Param<String> device() {
        return device;
    }

    public Param<String> handleInvalid() {
        return handleInvalid;
    }

    public IntParam maxBatchTokens() {
        return maxBatchTokens;
    }

    public IntParam maxLength() {
        return maxLength;
    }

    public IntParam maxNewTokens() {
        return maxNewTokens;
    }

    public BooleanParam truncate() {
        return truncate;
    }

    /** The folder of an exported model: a path on the driver, or where Hadoop finds it, such as {@code hdfs://…}. */
    public OrtuneModel setModel(String folder) {
        return with(model, folder);
    }

    /** Which of the adapters in the folder. */
    public OrtuneModel setAdapter(String name) {
        return with(adapter, name);
    }

    /** The column of texts, of questions, or of contexts for choices; {@code text} where nobody says otherwise. */
    public OrtuneModel setInputCol(String name) {
        return with(inputCol, name);
    }

    /** The column of second texts, of the contexts that questions are about, or of the questions that choices are made for. */
    public OrtuneModel setPairCol(String name) {
        return with(pairCol, name);
    }

    /** The column of choices, an array of strings. */
    public OrtuneModel setChoicesCol(String name) {
        return with(choicesCol, name);
    }

    /** Where what the model says is put. */
    public OrtuneModel setPredictionCol(String name) {
        return with(predictionCol, name);
    }

    /** Where a label's name is put, or a choice's text. */
    public OrtuneModel setPredictedLabelCol(String name) {
        return with(predictedLabelCol, name);
    }

    /** Where a vector of probabilities is put. */
    public OrtuneModel setProbabilityCol(String name) {
        return with(probabilityCol, name);
    }

    /** Where a vector of logits is put. */
    public OrtuneModel setRawPredictionCol(String name) {
        return with(rawPredictionCol, name);
    }

    /** {@code auto}, {@code fp32}, {@code fp16}, {@code int8} or {@code int4}. */
    public OrtuneModel setPrecision(String name) {
        return with(precision, name);
    }

    /** {@code auto}, {@code cpu} or {@code cuda}. */
    public OrtuneModel setDevice(String name) {
        return with(device, name);
    }

    /** {@code keep}, {@code skip} or {@code error}. */
    public OrtuneModel setHandleInvalid(String name) {
        return with(handleInvalid, name);
    }

    /** Tokens of a batch at most, what shorter texts are filled up with included. */
    public OrtuneModel setMaxBatchTokens(int count) {
        return with(maxBatchTokens, count);
    }

    /** Tokens of a text at most, special ones included. */
    public OrtuneModel setMaxLength(int count) {
        return with(maxLength, count);
    }

    /** Tokens to add at most, of a model that writes texts. */
    public OrtuneModel setMaxNewTokens(int count) {
        return with(maxNewTokens, count);
    }

    /** Whether texts that are too long are cut. */
    public OrtuneModel setTruncate(boolean cut) {
        return with(truncate, cut);
    }

    private <T> OrtuneModel with(Param<T> param, T value) {
        set(param, value);
        return this;
    }

    /**
     * Rows without an answer, of all tables that this model has been asked about and that have been computed; of a table that is
     * computed twice twice.
     */
    public long unanswered() {
        return unanswered == null ? 0 : unanswered.value();
    }

    /** Rows of all tables that this model has been asked about and that have been computed, as they were when a task ended. */
    public long rows() {
        return rows == null ? 0 : rows.value();
    }

    @Override
    public OrtuneModel copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return schema(schema, folder(false));
    }

    private StructType schema(StructType schema, ModelFolder folder) {
        requireType(schema, getOrDefault(inputCol), DataTypes.StringType.equals(type(schema, getOrDefault(inputCol))));
        String pair = getOrDefault(pairCol);
        requireType(schema, pair, pair.isEmpty() || DataTypes.StringType.equals(type(schema, pair)));
        String choices = getOrDefault(choicesCol);
        requireType(schema, choices, choices.isEmpty() || Output.isTexts(type(schema, choices)));
        StructType all = schema;
        for (StructField field : Output.of(folder.task()).fields(names())) {
            if (List.of(schema.fieldNames()).contains(field.name())) {
                throw new OrtuneException(
                        "there is a column " + field.name() + " already; name another for the output");
            }
            all = all.add(field);
        }
        return all;
    }

    private static DataType type(StructType schema, String column) {
        return List.of(schema.fieldNames()).contains(column)
                ? schema.apply(column).dataType()
                : null;
    }

    private static void requireType(StructType schema, String column, boolean fits) {
        if (!fits) {
            throw new OrtuneException("column " + column + " must be there and hold "
                    + "strings, or for choices arrays of strings; there are " + schema.simpleString());
        }
    }

    private OutputNames names() {
        return new OutputNames(
                getOrDefault(predictionCol),
                getOrDefault(predictedLabelCol),
                getOrDefault(probabilityCol),
                getOrDefault(rawPredictionCol));
    }

    /** The folder on the driver, with the file for the device that is to be used. */
    ModelFolder folder(boolean cuda) {
        Path local = LocalCopy.of(getOrDefault(model));
        Device kind = cuda ? new CudaDevice(new Gpu(0, "", "", 0), 0) : new Device.Cpu("as asked for");
        String name = getOrDefault(adapter);
        return ModelFolder.open(
                VersionFolder.in(local, name.isEmpty() ? null : name),
                new InferenceOptions(getOrDefault(precision), kind, BatchOptions.usual()));
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        SparkContext context = dataset.sparkSession().sparkContext();
        boolean cuda = cuda(context.getConf());
        ModelFolder folder = folder(cuda);
        StructType before = dataset.schema();
        StructType schema = schema(before, folder);
        if (unanswered == null) {
            rows = context.longAccumulator("rows");
            unanswered = context.longAccumulator("rows without an answer");
        }
        PartitionScorer scorer = new PartitionScorer(
                ModelFiles.of(folder).ship(context),
                options(context, folder, cuda),
                inputs(before),
                Output.of(folder.task()),
                names(),
                schema.size() - before.size(),
                Bad.named(getOrDefault(handleInvalid)).orElseThrow(),
                new PartitionScorer.Counts(rows, unanswered));
        return dataset.toDF().mapPartitions(scorer, Encoders.row(schema));
    }

    private Inputs inputs(StructType schema) {
        return new Inputs(
                schema.fieldIndex(getOrDefault(inputCol)),
                place(schema, getOrDefault(pairCol)),
                place(schema, getOrDefault(choicesCol)));
    }

    private static int place(StructType schema, String column) {
        return column.isEmpty() ? -1 : schema.fieldIndex(column);
    }

    private boolean cuda(SparkConf conf) {
        return switch (getOrDefault(device)) {
            case "cuda" -> true;
            case "cpu" -> false;
            default -> conf.getDouble("spark.task.resource.gpu.amount", 0) > 0;
        };
    }

    private ScoringOptions options(SparkContext context, ModelFolder folder, boolean cuda) {
        SparkConf conf = context.getConf();
        String name = getOrDefault(adapter);
        return new ScoringOptions(
                folder.precision(),
                cuda ? "cuda" : "cpu",
                name.isEmpty() ? null : name,
                new ScoringOptions.Cores(
                        context.isLocal() ? localCores(context.master()) : conf.getInt("spark.executor.cores", 0),
                        conf.getInt("spark.task.cpus", 1)),
                (Integer) getOrDefault(maxBatchTokens),
                (Integer) getOrDefault(maxLength),
                (Boolean) getOrDefault(truncate),
                (Integer) getOrDefault(maxNewTokens));
    }

    /** Of {@code local}, {@code local[2]}, {@code local[2,3]} or {@code local[*]}. */
    private static int localCores(String master) {
        String inside = master.replaceFirst("local(\\[)?", "").replaceFirst("[,\\]].*", "");
        return inside.isEmpty() ? 1 : inside.equals("*") ? 0 : Integer.parseInt(inside);
    }
}

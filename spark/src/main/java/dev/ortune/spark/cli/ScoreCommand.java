package dev.ortune.spark.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.spark.OrtuneModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune score models/NAME --input FILES --output DIR}: what a model says of a table's rows, on Spark. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Answer the rows of a table with an exported model, on this machine or a Spark cluster.")
public final class ScoreCommand implements Callable<Integer> {
    /** Small enough that little is lost with one. */
    private static final int PARTITION_BYTES = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "Folder of the model, such as models/NAME.")
    private String model;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            description = {
                "Files or folders to read: Parquet, CSV with a header, JSON lines, or a text a line;",
                "or table:NAME for one of Spark's catalogue."
            })
    private List<String> inputs = new ArrayList<>();

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "Folder to write to.")
    private String output;

    @Option(
            names = "--input-format",
            paramLabel = "NAME",
            description = "parquet, csv, json or text (default: as the files are called).")
    private Format inputFormat;

    @Option(
            names = "--output-format",
            paramLabel = "NAME",
            description = "parquet, csv or json (default: the input's; of texts json, of a table parquet).")
    private Format outputFormat;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "Column of texts, questions, or contexts for choices (default: ${DEFAULT-VALUE}).")
    private String textColumn;

    @Option(
            names = "--pair-column",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Column of second texts, contexts, or questions for choices.")
    private String pairColumn;

    @Option(
            names = "--choices-column",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Column with lists of choices.")
    private String choicesColumn;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "local[*]",
            description =
                    "local[N], spark://…, yarn or k8s://… (default: ${DEFAULT-VALUE}, all cores of this machine).")
    private String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark's; may be given several times.")
    private Map<String, String> conf = new LinkedHashMap<>();

    @Option(
            names = "--partition-bytes",
            paramLabel = "N",
            defaultValue = "" + PARTITION_BYTES,
            description =
                    "Bytes of a partition at most, each of which is one task and one file (default: ${DEFAULT-VALUE}).")
    private long partitionBytes;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "auto", description = "As with predict.")
    private String precision;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "cpu, cuda, or auto for the GPUs that Spark gives to tasks (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--adapter", paramLabel = "NAME", defaultValue = "", description = "As with predict.")
    private String adapter;

    @Option(
            names = "--max-batch-tokens",
            paramLabel = "N",
            description = "Tokens in a batch at most (default: as with predict).")
    private Integer maxBatchTokens;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens of a text at most (default: the model's).")
    private int maxLength;

    @Option(names = "--resume", description = "Go on where a run was ended: partitions that are written stay.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Delete what is in the output folder first.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        if (resume && overwrite) {
            throw new ParameterException(spec.commandLine(), "--resume and --overwrite exclude each other");
        }
        if (outputFormat == Format.TEXT) {
            throw new ParameterException(spec.commandLine(), "--output-format text has no room for answers");
        }
        Folders.model(model);
        try (SparkSession spark = spark()) {
            return score(spark);
        }
    }

    private SparkSession spark() {
        return Cluster.session("score", master, settings()).getOrCreate();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        // A task's file appears when the task is done, and not all of them at the end.
        settings.put("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "2");
        // The same files make the same partitions, whatever the number of cores.
        settings.put("spark.sql.files.maxPartitionBytes", String.valueOf(partitionBytes));
        settings.put("spark.sql.files.openCostInBytes", "0");
        settings.put("spark.sql.files.minPartitionNum", "1");
        settings.putAll(conf);
        return settings;
    }

    private int score(SparkSession spark) throws IOException {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        PrintWriter err = spec.commandLine().getErr();
        Source source = Source.of(spark, inputs, inputFormat, textColumn);
        Format out = outputFormat == null ? written(source) : outputFormat;
        if (resume && source.files().isEmpty()) {
            throw new OrtuneException(inputs.get(0) + ": does not lie in files, so that nobody can tell whether it is "
                    + "still the same; --resume goes on with files, and with tables that do");
        }
        OrtuneModel transformer = transformer();
        ObjectNode what = what(source, out);
        Written written = new Written(new Path(output), configuration);
        List<Integer> done = prepared(written, what);
        if (done == null) {
            err.println(output + " is complete");
            return 0;
        }
        Dataset<Row> rows = source.read();
        int partitions = rows.javaRDD().getNumPartitions();
        Dataset<Row> left = done.isEmpty()
                ? rows
                : rows.filter(functions.not(functions.spark_partition_id().isin(done.toArray())));
        Progress progress =
                new Progress(err, Boolean.getBoolean("ortune.terminal"), partitions, done.size(), transformer::rows);
        spark.sparkContext().addSparkListener(progress);
        long start = System.nanoTime();
        out.write(plain(transformer.transform(left), out)).mode(SaveMode.Append).save(output);
        progress.end();
        double seconds = (System.nanoTime() - start) / 1e9;
        PrintWriter print = spec.commandLine().getOut();
        print.println(String.format(
                Locale.ROOT,
                "%,d rows in %.1f s, %,.0f rows/s%s%s",
                transformer.rows(),
                seconds,
                transformer.rows() / seconds,
                done.isEmpty() ? "" : "; " + done.size() + " of " + partitions + " partitions were there",
                transformer.unanswered() == 0 ? "" : "; without an answer: " + transformer.unanswered()));
        print.println("written: " + output);
        print.flush();
        return 0;
    }

    /** How answers are written where nobody says it. */
    private static Format written(Source source) {
        Format read = source.format().orElse(Format.PARQUET);
        return read == Format.TEXT ? Format.JSON : read;
    }

    /** Partitions that are there; null where all are. */
    private List<Integer> prepared(Written written, ObjectNode what) throws IOException {
        if (written.isThere() && overwrite) {
            written.delete();
        }
        if (!written.isThere()) {
            written.begin(what);
            return List.of();
        }
        if (!resume) {
            throw new OrtuneException(output + ": is there already; --resume goes on with it, --overwrite begins anew");
        }
        written.requireBegunWith(what);
        return written.isComplete() ? null : written.partitions();
    }

    private OrtuneModel transformer() {
        OrtuneModel transformer = new OrtuneModel()
                .setModel(Folders.model(model))
                .setAdapter(adapter)
                .setInputCol(textColumn)
                .setPairCol(pairColumn)
                .setChoicesCol(choicesColumn)
                .setRawPredictionCol("")
                .setPrecision(precision)
                .setDevice(device)
                .setMaxLength(maxLength);
        return maxBatchTokens == null ? transformer : transformer.setMaxBatchTokens(maxBatchTokens);
    }

    /** What makes a run another, so that it cannot be gone on with. */
    private ObjectNode what(Source source, Format out) {
        ObjectNode what = JsonNodeFactory.instance
                .objectNode()
                .put("model", Folders.model(model))
                .put("adapter", adapter)
                .put("precision", precision)
                .put("max-length", maxLength)
                .put("input-format", source.format().map(Format::toString).orElse("table"))
                .put("output-format", out.toString())
                .put("text-column", textColumn)
                .put("pair-column", pairColumn)
                .put("choices-column", choicesColumn)
                .put("partition-bytes", partitionBytes);
        what.set("input", source.identity());
        return what;
    }

    /** Vectors as arrays, and where a format has no arrays and structures, as JSON. */
    private static Dataset<Row> plain(Dataset<Row> scored, Format format) {
        Dataset<Row> rows = scored;
        for (StructField field : scored.schema().fields()) {
            if (field.dataType().equals(SQLDataTypes.VectorType())) {
                Column vector = rows.col(field.name());
                // It takes no null, which a row without an answer has.
                Column array = org.apache.spark.ml.functions.vector_to_array(vector, "float64");
                rows = rows.withColumn(field.name(), functions.when(vector.isNotNull(), array));
            }
        }
        if (format != Format.CSV) {
            return rows;
        }
        for (StructField field : rows.schema().fields()) {
            if (field.dataType() instanceof ArrayType || field.dataType() instanceof StructType) {
                rows = rows.withColumn(field.name(), functions.to_json(rows.col(field.name())));
            }
        }
        return rows;
    }
}

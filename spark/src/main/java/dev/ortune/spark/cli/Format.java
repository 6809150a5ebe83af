package dev.ortune.spark.cli;

import dev.ortune.predictor.OrtuneException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** How a table lies in files. */
enum Format {
    PARQUET,
    /** With a header; quotes are doubled inside quotes, as everywhere but in Spark. */
    CSV,
    /** A JSON object a line. */
    JSON,
    /** A text a line. */
    TEXT;

    private static final Map<String, String> CSV_OPTIONS =
            Map.of("header", "true", "quote", "\"", "escape", "\"", "multiLine", "false");

    /** What a name's ending says. */
    static Format of(String file) {
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst)$", "");
        for (Map.Entry<String, Format> ending : Map.of(
                        ".parquet", PARQUET, ".csv", CSV, ".json", JSON, ".jsonl", JSON, ".ndjson", JSON, ".txt", TEXT)
                .entrySet()) {
            if (name.endsWith(ending.getKey())) {
                return ending.getValue();
            }
        }
        throw new OrtuneException(file + ": its name does not tell the format; --input-format does");
    }

    /**
     * Reads files.
     *
     * @param text the name of the column of a text a line
     */
    Dataset<Row> read(SparkSession spark, List<String> files, String text) {
        DataFrameReader reader = this == CSV ? spark.read().options(CSV_OPTIONS) : spark.read();
        Dataset<Row> rows = reader.format(toString()).load(files.toArray(String[]::new));
        return this == TEXT ? rows.withColumnRenamed("value", text) : rows;
    }

    /** How rows are written. */
    DataFrameWriter<Row> write(Dataset<Row> rows) {
        DataFrameWriter<Row> writer = rows.write().format(toString());
        return this == CSV ? writer.options(CSV_OPTIONS) : writer;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

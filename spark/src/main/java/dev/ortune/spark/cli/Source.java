package dev.ortune.spark.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows that are to be answered: those of files, or of a table that Spark's catalogue knows.
 *
 * @param format of the files; empty for a table
 * @param files all that the rows come from, in an order that stays the same; none where a table does not lie in files
 * @param reader reads the rows, once
 */
record Source(Optional<Format> format, List<FileStatus> files, Supplier<Dataset<Row>> reader) {
    private static final String TABLE = "table:";

    /**
     * Looks for it.
     *
     * @param inputs files, folders and patterns, or {@code table:NAME} alone
     * @param format of the files; null for what the first one's name says
     * @param text the name of the column of a text a line
     * @throws OrtuneException when there is nothing of the kind
     */
    static Source of(SparkSession spark, List<String> inputs, Format format, String text) throws IOException {
        Optional<String> table =
                inputs.stream().filter(input -> input.startsWith(TABLE)).findFirst();
        if (table.isEmpty()) {
            return ofFiles(spark, inputs, format, text);
        }
        if (inputs.size() > 1) {
            throw new OrtuneException(table.get() + ": a table is read alone");
        }
        if (format != null) {
            throw new OrtuneException(table.get() + ": a table has its own format; --input-format is for files");
        }
        return ofTable(spark, table.get().substring(TABLE.length()));
    }

    private static Source ofFiles(SparkSession spark, List<String> inputs, Format format, String text)
            throws IOException {
        List<FileStatus> files = files(inputs, spark.sparkContext().hadoopConfiguration());
        Format known = format == null ? Format.of(files.get(0).getPath().getName()) : format;
        List<String> names =
                files.stream().map(file -> file.getPath().toString()).toList();
        return new Source(Optional.of(known), files, () -> known.read(spark, names, text));
    }

    private static Source ofTable(SparkSession spark, String name) throws IOException {
        Dataset<Row> rows = table(spark, name);
        List<FileStatus> files = new ArrayList<>();
        for (String file : rows.inputFiles()) {
            Path path = new Path(file);
            files.add(path.getFileSystem(spark.sparkContext().hadoopConfiguration())
                    .getFileStatus(path));
        }
        return new Source(Optional.empty(), inOrder(files), () -> rows);
    }

    private static Dataset<Row> table(SparkSession spark, String name) {
        try {
            return spark.table(name);
        } catch (Exception e) {
            // Scala's methods declare none of what they throw.
            if (e instanceof AnalysisException) {
                throw new OrtuneException(
                        TABLE + name + ": " + e.getMessage().lines().findFirst().orElse(""), e);
            }
            throw e;
        }
    }

    private static List<FileStatus> files(List<String> inputs, Configuration configuration) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        for (String input : inputs) {
            Path path = new Path(input);
            FileSystem system = path.getFileSystem(configuration);
            FileStatus[] found = system.globStatus(path);
            if (found == null || found.length == 0) {
                throw new OrtuneException(input + ": there is no such file");
            }
            for (FileStatus status : found) {
                if (status.isFile()) {
                    files.add(status);
                } else {
                    for (FileStatus inside : system.listStatus(status.getPath())) {
                        String name = inside.getPath().getName();
                        if (inside.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
                            files.add(inside);
                        }
                    }
                }
            }
        }
        if (files.isEmpty()) {
            throw new OrtuneException(String.join(", ", inputs) + ": no files in there");
        }
        return inOrder(files);
    }

    private static List<FileStatus> inOrder(List<FileStatus> files) {
        return files.stream()
                .sorted((one, other) -> one.getPath().compareTo(other.getPath()))
                .toList();
    }

    /** Reads its rows. */
    Dataset<Row> read() {
        return reader.get();
    }

    /** What it would have to be once more for its partitions to be the same. */
    ArrayNode identity() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (FileStatus file : files) {
            list.addObject()
                    .put("file", file.getPath().toString())
                    .put("bytes", file.getLen())
                    .put("modified", file.getModificationTime());
        }
        return list;
    }
}

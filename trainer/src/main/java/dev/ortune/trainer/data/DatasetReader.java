package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipException;

/**
 * Reads labelled texts from a file: {@code .tsv} (no quoting unless it is asked for, as GLUE has it), {@code .csv} (RFC
 * 4180, also with semicolons or tabs) or JSON lines ({@code .jsonl}, {@code .ndjson}, {@code .json}), plain or packed as
 * {@code .gz}.
 *
 * <p>The first row is a header when an option names a column or when it holds usual names ({@link ColumnNames}): one that
 * is no example's, such as {@code label} or {@code sentence}, or those of a text and of a label. Otherwise CoLA's layout
 * (source, label, mark, sentence) is recognised, and any other layout needs the options' column numbers. Where the header
 * has both columns of a usual pair ({@code sentence1} and {@code sentence2}, …), the pair is read. Labels are integers 0 to
 * n-1, or names (sorted).
 */
public final class DatasetReader {
    private static final Set<String> TABLES = Set.of("tsv", "csv");
    private static final Set<String> JSON = Set.of("jsonl", "ndjson", "json");

    /** Until all rows are read and the labels' ids can be told. */
    private static final int NO_LABEL = -1;

    private final String file;
    private final ReadOptions options;
    private final RowTargets targets;
    private final List<Example> examples = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final QuotedTexts quotes;
    private int broken;

    private DatasetReader(String file, ReadOptions options, RowTargets targets) {
        this.file = file;
        this.options = options;
        this.targets = targets;
        this.quotes = new QuotedTexts();
    }

    /**
     * Reads a whole file.
     *
     * @param file the file; its name tells the format
     * @param options which columns
     * @param known the labels of an existing model, which the file's must be among, by name or id; null to discover them
     * @throws OrtuneException that names the file, and the line where there is one, for whatever is wrong with it: an
     *     unknown format, no readable file, a column that is not there, a row with another number of columns, a missing
     *     or unknown label, no text in any row, invalid UTF-8, CSV, JSON or gzip, or no rows at all
     */
    public static Dataset read(Path file, ReadOptions options, Labels known) {
        return read(file, options, new ClassTargets(file.toString(), known));
    }

    /** Likewise texts with a number each; {@code known} is its one name, or null. */
    static Dataset readNumbers(Path file, ReadOptions options, Labels known) {
        return read(file, options, new NumberTargets(file.toString(), known));
    }

    /** Likewise texts with any number of labels each. */
    static Dataset readLabelSets(Path file, ReadOptions options, Labels known) {
        return read(file, options, new LabelSetTargets(file.toString(), options.labelSets(), known));
    }

    /** Likewise texts with another one each, which is to be written. */
    static Dataset readTexts(Path file, ReadOptions options) {
        return read(file, options, new TextTargets(file.toString()));
    }

    private static Dataset read(Path file, ReadOptions options, RowTargets targets) {
        return guarded(file, options, rows -> new DatasetReader(file.toString(), options, targets).read(rows));
    }

    /**
     * Whether a file's labels are all numbers.
     *
     * @param wholeOnes whether they may all be whole; otherwise some have decimals, and such are hardly ever classes
     */
    static boolean holdsNumbers(Path file, ReadOptions options, boolean wholeOnes) {
        return guarded(file, options, rows -> {
            RowReader.Row first = rows.next();
            if (first == null) {
                return false;
            }
            Columns columns = Columns.of(file.toString(), first.fields(), rows.alwaysNamed(), options);
            boolean decimals = wholeOnes;
            for (RowReader.Row row = columns.header() ? rows.next() : first; row != null; row = rows.next()) {
                boolean whole = columns.label() < row.fields().size();
                String value = whole ? row.fields().get(columns.label()) : null;
                if (!NumberTargets.isNumber(value)) {
                    return false;
                }
                decimals |= !LabelColumn.isInteger(value.strip());
            }
            return decimals;
        });
    }

    /** Whether a file's first row has a text, and a list in the place of its label. */
    static boolean holdsLists(Path file, ReadOptions options) {
        return isJson(file)
                && guarded(file, options, rows -> {
                    RowReader.Row names = rows.next();
                    RowReader.Row row = names == null ? null : rows.next();
                    if (row == null) {
                        return false;
                    }
                    ColumnNames columns = new ColumnNames(names.fields());
                    int usual = Math.max(columns.text(), columns.pair().first());
                    int text = options.textColumn() == null ? usual : columns.find(options.textColumn());
                    int label = options.labelColumn() == null ? columns.label() : columns.find(options.labelColumn());
                    return text >= 0
                            && label >= 0
                            && JsonRows.list(row, text).isEmpty()
                            && JsonRows.list(row, label).isPresent();
                });
    }

    /** What is done with a file's rows. */
    interface OfRows<T> {
        T of(RowReader rows) throws IOException;
    }

    /** Opens a file as its name tells, and closes it; what is wrong with it becomes an error that names it. */
    static <T> T guarded(Path file, ReadOptions options, OfRows<T> reading) {
        String name = file.toString();
        try (RowReader rows = rows(file, name, options)) {
            return reading.of(rows);
        } catch (ZipException e) {
            throw new OrtuneException(name + ": no valid gzip file: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new OrtuneException(name + ": the gzip file is cut off", e);
        } catch (IOException e) {
            throw new OrtuneException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static RowReader rows(Path file, String name, ReadOptions options) throws IOException {
        String format = format(file);
        return switch (format) {
            case "tsv" ->
                options.quoting()
                        ? CsvRows.of(lines(file, name), options.delimiter() == null ? '\t' : options.delimiter())
                        : new TsvRows(lines(file, name), options.delimiter() == null ? '\t' : options.delimiter());
            case "csv" ->
                options.delimiter() == null
                        ? CsvRows.detect(lines(file, name), options)
                        : CsvRows.of(lines(file, name), options.delimiter());
            case "jsonl", "ndjson", "json" -> {
                options.requireNoDelimiter(name);
                yield new JsonRows(lines(file, name));
            }
            default ->
                throw new OrtuneException(name + ": unknown format; .tsv, .csv and .jsonl are read, also with .gz");
        };
    }

    /** Whether it is one of the formats of rows, as far as its name tells. */
    static boolean reads(Path file) {
        return TABLES.contains(format(file)) || isJson(file);
    }

    private static String format(Path file) {
        String plain = DataFile.plainName(file);
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    private static boolean isJson(Path file) {
        return JSON.contains(format(file));
    }

    private static Utf8Lines lines(Path file, String name) throws IOException {
        return new Utf8Lines(name, DataFile.open(file));
    }

    private Dataset read(RowReader rows) throws IOException {
        RowReader.Row first = rows.next();
        if (first == null) {
            throw new OrtuneException(file + ": the file is empty");
        }
        Columns columns = Columns.of(file, first.fields(), rows.alwaysNamed(), options);
        for (RowReader.Row row = columns.header() ? rows.next() : first; row != null; row = rows.next()) {
            add(row, columns, rows);
        }
        if (examples.isEmpty()) {
            throw new OrtuneException(file + ": a header but no rows");
        }
        if (examples.stream().allMatch(example -> example.text().isBlank())) {
            throw new OrtuneException(file + ": all texts are empty; name their column with --text-column");
        }
        if (!columns.header()) {
            targets.requireExample(first, columns);
        }
        notices.addAll(rows.notices());
        if (broken > 0) {
            notices.add(file + ": " + broken + (broken == 1 ? " row" : " rows") + " without all columns left out");
        }
        quotes.notice(file).ifPresent(notices::add);
        return dataset();
    }

    private void add(RowReader.Row row, Columns columns, RowReader rows) {
        if (row.fields().size() != columns.width()) {
            if (options.skipsBrokenRows()) {
                broken++;
                return;
            }
            throw Utf8Lines.error(
                    file,
                    row.line(),
                    row.fields().size() + " columns where the first row has " + columns.width() + rows.hint(row));
        }
        String text = text(row, columns.text(), "text");
        String pair = columns.pair() < 0 ? null : text(row, columns.pair(), "second text");
        targets.add(row, columns);
        if (rows.takesQuotesAsTheyAre()) {
            quotes.look(text);
        }
        String source = columns.source() < 0 ? null : row.fields().get(columns.source());
        examples.add(new Example(text, pair, NO_LABEL, source == null ? "" : source, row.line()));
    }

    /** An empty text is one, too: the tokenizer's special tokens alone. */
    private String text(RowReader.Row row, int column, String what) {
        String text = row.fields().get(column);
        if (text == null) {
            throw Utf8Lines.error(file, row.line(), "the " + what + " is missing");
        }
        // Predictions are written as UTF-8, too.
        return TextTokenizer.wellFormed(text);
    }

    private Dataset dataset() {
        RowTargets.All found = targets.all();
        List<Example> complete = IntStream.range(0, examples.size())
                .mapToObj(row -> examples.get(row).with(found.targets().get(row)))
                .toList();
        return new Dataset(file, complete, found.labels(), new Reading(found.numbered(), notices));
    }
}

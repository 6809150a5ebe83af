package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A TSV file of predictions with a header: what every such file has of an example, and a task's own columns by name. */
final class HoldoutTable {
    private final Path file;
    private final List<String> header;
    private final List<Row> rows = new ArrayList<>();

    private HoldoutTable(Path file, List<String> header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Reads a file.
     *
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static HoldoutTable read(Path file) {
        List<String> lines = TextFile.lines(file);
        if (lines.isEmpty()) {
            throw new OrtuneException(file + ": the file is empty");
        }
        HoldoutTable table = new HoldoutTable(file, List.of(lines.get(0).split("\t", -1)));
        for (int i = 1; i < lines.size(); i++) {
            table.rows.add(table.new Row(i + 1, lines.get(i).split("\t", -1)));
        }
        return table;
    }

    List<String> header() {
        return header;
    }

    /** Whether there are all of these columns. */
    boolean has(String... columns) {
        return header.containsAll(List.of(columns));
    }

    /** The names behind a prefix of those columns that begin with it, which must stand side by side. */
    List<String> columns(String prefix) {
        List<String> names = header.stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
        int first = names.isEmpty() ? 0 : header.indexOf(prefix + names.get(0));
        if (!header.subList(first, first + names.size()).stream().allMatch(name -> name.startsWith(prefix))) {
            throw error("the columns " + prefix + "… do not stand side by side");
        }
        return names;
    }

    /** One at least, or an error. */
    List<Row> rows() {
        if (rows.isEmpty()) {
            throw error("holds no predictions");
        }
        return rows;
    }

    OrtuneException error(String what) {
        return new OrtuneException(file + ": " + what);
    }

    /** A line of the file, counted from 1. */
    final class Row {
        private final int line;
        private final String[] cells;

        private Row(int line, String[] cells) {
            this.line = line;
            this.cells = cells;
            if (cells.length != header.size()) {
                throw error("has " + cells.length + " columns, the header " + header.size());
            }
        }

        HeldOut example() {
            String tokens = cell("tokens", String.valueOf(HeldOut.UNKNOWN));
            try {
                return new HeldOut(
                        cell("sentence", ""), cell("pair", null), cell("source", ""), Integer.parseInt(tokens));
            } catch (NumberFormatException e) {
                throw error("\"" + Printable.of(tokens) + "\" is no number of tokens");
            }
        }

        /** The numbers of all columns with a prefix. */
        float[] numbers(String prefix, String what) {
            List<String> names = columns(prefix);
            int first = header.indexOf(prefix + names.get(0));
            float[] values = new float[names.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = number(cells[first + i], what);
            }
            return values;
        }

        /** The number that a text is. */
        float number(String text, String what) {
            try {
                float value = Float.parseFloat(text);
                if (Float.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // said below, with the line
            }
            throw error("\"" + Printable.of(text) + "\" is no finite " + what);
        }

        String cell(String name, String otherwise) {
            int column = header.indexOf(name);
            return column < 0 ? otherwise : cells[column];
        }

        OrtuneException error(String what) {
            return new OrtuneException(file + ", line " + line + ": " + what);
        }
    }
}

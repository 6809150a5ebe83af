package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.report.ClassPredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link dev.ortune.trainer.report.PredictionsFile} wrote; columns that it does not know are left alone. */
final class HoldoutFile {
    private static final String LOGIT = "logit_";

    private final Path file;
    private final List<String> header;
    private final int firstLogit;
    private final List<String> labels;

    private HoldoutFile(Path file, String header) {
        this.file = file;
        this.header = List.of(header.split("\t", -1));
        this.labels = this.header.stream()
                .filter(name -> name.startsWith(LOGIT))
                .map(name -> name.substring(LOGIT.length()))
                .toList();
        this.firstLogit = labels.isEmpty() ? -1 : this.header.indexOf(LOGIT + labels.get(0));
        if (labels.size() < 2 || column("sentence") < 0 || column("label") < 0) {
            throw new OrtuneException(
                    file + ": has no columns sentence, logit_… (two at least) and label, so it holds no predictions");
        }
        if (!this.header.subList(firstLogit, firstLogit + labels.size()).stream()
                .allMatch(n -> n.startsWith(LOGIT))) {
            throw new OrtuneException(file + ": the columns logit_… do not stand side by side");
        }
    }

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static ClassHoldout read(Path file, String role) {
        List<String> lines = TextFile.lines(file);
        if (lines.isEmpty()) {
            throw new OrtuneException(file + ": the file is empty");
        }
        return new HoldoutFile(file, lines.get(0)).read(role, lines.subList(1, lines.size()));
    }

    private ClassHoldout read(String role, List<String> lines) {
        if (lines.isEmpty()) {
            throw new OrtuneException(file + ": holds no predictions");
        }
        List<HeldOut> examples = new ArrayList<>(lines.size());
        float[][] logits = new float[lines.size()][];
        int[] right = new int[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            Row row = new Row(i + 2, lines.get(i).split("\t", -1));
            examples.add(row.example());
            logits[i] = row.logits();
            right[i] = row.label();
        }
        return new ClassHoldout(role, labels, examples, new ClassPredictions(logits, right));
    }

    private int column(String name) {
        return header.indexOf(name);
    }

    /** A line of the file, counted from 1. */
    private final class Row {
        private final int line;
        private final String[] cells;

        Row(int line, String[] cells) {
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

        float[] logits() {
            float[] values = new float[labels.size()];
            for (int label = 0; label < values.length; label++) {
                values[label] = logit(cells[firstLogit + label]);
            }
            return values;
        }

        int label() {
            String name = cell("label", "");
            int label = labels.indexOf(name);
            if (label < 0) {
                throw error("\"" + Printable.of(name) + "\" is not one of " + Printable.of(String.join(", ", labels)));
            }
            return label;
        }

        private float logit(String text) {
            try {
                float value = Float.parseFloat(text);
                if (Float.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // said below, with the line
            }
            throw error("\"" + Printable.of(text) + "\" is no finite logit");
        }

        private String cell(String name, String otherwise) {
            return column(name) < 0 ? otherwise : cells[column(name)];
        }

        private OrtuneException error(String what) {
            return new OrtuneException(file + ", line " + line + ": " + what);
        }
    }
}

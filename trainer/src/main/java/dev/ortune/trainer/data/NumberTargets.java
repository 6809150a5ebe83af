package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A number a row, as 2.5, .5, -1 or 1e-3. */
final class NumberTargets implements RowTargets {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");

    private final String file;
    private final Labels known;
    private final List<Target> targets = new ArrayList<>();

    /** {@code known} names the number, or is null for LABEL_0, as transformers calls it. */
    NumberTargets(String file, Labels known) {
        this.file = file;
        this.known = known;
        if (known != null && known.count() != 1) {
            throw new OrtuneException(file + ": holds texts with a number each, which has one name and not "
                    + known.count() + ": " + Printable.of(String.join(", ", known.names())));
        }
    }

    /** Whether a label is a number. */
    static boolean isNumber(String label) {
        return label != null && NUMBER.matcher(label.strip()).matches();
    }

    @Override
    public void add(RowReader.Row row, Columns columns) {
        String label = row.fields().get(columns.label());
        if (label == null || label.isBlank()) {
            throw Utf8Lines.error(file, row.line(), "the number is missing");
        }
        float number = isNumber(label) ? Float.parseFloat(label.strip()) : Float.NaN;
        if (!Float.isFinite(number)) {
            throw Utf8Lines.error(
                    file,
                    row.line(),
                    "\"" + Printable.of(LabelColumn.shortened(label)) + "\" is no number, and regression learns numbers"
                            + (targets.isEmpty() && !columns.header()
                                    ? "; if this row names the columns, give --label-column its name"
                                    : ""));
        }
        targets.add(new Target.NumberLabel(number));
    }

    @Override
    public All all() {
        return new All(known == null ? Labels.numbered(1) : known, targets, "");
    }
}

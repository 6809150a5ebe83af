package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of columns that were taken for the first example, since columns were given by their numbers. */
final class FirstRowLabel {
    private FirstRowLabel() {}

    /**
     * Fails when the first row's label is no other row's although other rows share theirs: that is a name of a column, or
     * an example that nothing can be learnt from.
     *
     * @param row the file's first
     * @param labels of all rows as written, the first one's first
     * @param known the labels that were named, or null
     */
    static void require(String file, RowReader.Row row, Columns columns, List<String> labels, Labels known) {
        String label = labels.get(0);
        if (LabelColumn.isInteger(label) || (known != null && known.names().contains(label))) {
            return;
        }
        Set<String> others = new HashSet<>(labels.subList(1, labels.size()));
        boolean shared = others.size() < labels.size() - 1;
        if (!others.contains(label) && shared) {
            throw new OrtuneException(file + ", line " + row.line() + ": the label \"" + Printable.of(label)
                    + "\" is no other row's; if this row names the columns, give these names: --text-column \""
                    + Printable.of(row.fields().get(columns.text())) + "\" --label-column \"" + Printable.of(label)
                    + "\"; if it is an example, name all labels with --label-names");
        }
    }
}

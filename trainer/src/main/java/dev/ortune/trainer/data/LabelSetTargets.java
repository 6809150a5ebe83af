package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Any number of labels a row, none included: a list in JSON, names in one column, or a column of 0 and 1 each. */
final class LabelSetTargets implements RowTargets {
    private static final Set<String> YES = Set.of("1", "1.0", "true");
    private static final Set<String> NO = Set.of("0", "0.0", "false");

    private final String file;
    private final LabelSets form;
    private final LabelColumn labels;
    /** How many labels each row has. */
    private final List<Integer> counts = new ArrayList<>();

    private final List<int[]> ofColumns = new ArrayList<>();
    private final Labels known;
    private List<String> columnNames;

    /** {@code known} are the labels of a model that the file must keep to, or null to discover them. */
    LabelSetTargets(String file, LabelSets form, Labels known) {
        this.file = file;
        this.form = form;
        this.known = known;
        this.labels = new LabelColumn(file, known);
    }

    @Override
    public void add(RowReader.Row row, Columns columns) {
        if (!columns.labels().isEmpty()) {
            addColumns(row, columns);
            return;
        }
        List<String> names = names(row, columns.label());
        names.forEach(name -> labels.add(name, row.line()));
        counts.add(names.size());
    }

    private List<String> names(RowReader.Row row, int column) {
        Optional<List<String>> list = JsonRows.list(row, column);
        if (list.isPresent()) {
            return list.get();
        }
        if (form.separator() == null) {
            throw Utf8Lines.error(
                    file,
                    row.line(),
                    "several labels a text are read from lists in JSON, from a column with a --label-separator, or from"
                            + " --label-columns of 0 and 1; here is none of these");
        }
        String cell = row.fields().get(column);
        return cell == null
                ? List.of()
                : Arrays.stream(cell.split(Pattern.quote(form.separator()), -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    private void addColumns(RowReader.Row row, Columns columns) {
        List<Columns.LabelOf> each = columns.labels();
        columnNames = each.stream().map(Columns.LabelOf::name).toList();
        ofColumns.add(IntStream.range(0, each.size())
                .filter(label -> isSet(row, each.get(label)))
                .toArray());
    }

    private boolean isSet(RowReader.Row row, Columns.LabelOf label) {
        String cell = row.fields().get(label.column());
        String value = cell == null ? "" : cell.strip().toLowerCase(Locale.ROOT);
        if (!YES.contains(value) && !NO.contains(value)) {
            throw Utf8Lines.error(
                    file,
                    row.line(),
                    "the column " + Printable.of(label.name()) + " of --label-columns must hold 0 or 1, not \""
                            + Printable.of(LabelColumn.shortened(value)) + "\"");
        }
        return YES.contains(value);
    }

    @Override
    public All all() {
        if (columnNames != null) {
            return allOfColumns();
        }
        if (labels.values().isEmpty() && known == null) {
            throw new OrtuneException(file + ": no row has a label");
        }
        LabelColumn.Labelled found = labels.labelled();
        List<Target> targets = new ArrayList<>();
        int from = 0;
        for (int count : counts) {
            targets.add(Target.LabelSet.of(Arrays.copyOfRange(found.ids(), from, from + count)));
            from += count;
        }
        return new All(found.labels(), targets, found.numbered());
    }

    /** Of a model the columns may stand in another order; numbered ones are in its own. */
    private All allOfColumns() {
        Labels all = known == null ? new Labels(columnNames) : known;
        if (all.count() != columnNames.size()) {
            throw new OrtuneException(file + ": --label-columns gives " + columnNames.size() + " columns for "
                    + all.count() + " labels: " + Printable.of(String.join(", ", all.names())));
        }
        boolean named = all.names().containsAll(columnNames);
        int[] ids = IntStream.range(0, columnNames.size())
                .map(column -> named ? all.names().indexOf(columnNames.get(column)) : column)
                .toArray();
        List<Target> targets = ofColumns.stream()
                .<Target>map(set -> Target.LabelSet.of(
                        Arrays.stream(set).map(column -> ids[column]).toArray()))
                .toList();
        return new All(all, targets, "");
    }
}

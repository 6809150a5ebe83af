package dev.ortune.trainer.data;

import java.util.Arrays;
import java.util.List;

/** A label a row. */
final class ClassTargets implements RowTargets {
    private final String file;
    private final Labels known;
    private final LabelColumn labels;

    /** {@code known} are the labels of a model that the file must keep to, or null to discover them. */
    ClassTargets(String file, Labels known) {
        this.file = file;
        this.known = known;
        this.labels = new LabelColumn(file, known);
    }

    @Override
    public void add(RowReader.Row row, Columns columns) {
        if (JsonRows.list(row, columns.label()).isPresent()) {
            throw Utf8Lines.error(file, row.line(), "the label is a list; --task multi-label learns several a text");
        }
        labels.add(row.fields().get(columns.label()), row.line());
    }

    @Override
    public void requireExample(RowReader.Row first, Columns columns) {
        FirstRowLabel.require(file, first, columns, labels.values(), known);
    }

    @Override
    public All all() {
        LabelColumn.Labelled found = labels.labelled();
        List<Target> targets = Arrays.stream(found.ids())
                .<Target>mapToObj(Target.ClassLabel::new)
                .toList();
        return new All(found.labels(), targets, found.numbered());
    }
}

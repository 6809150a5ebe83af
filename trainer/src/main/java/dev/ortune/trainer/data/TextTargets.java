package dev.ortune.trainer.data;

import dev.ortune.trainer.text.TextTokenizer;
import java.util.ArrayList;
import java.util.List;

/** A text a row, which is to be written. */
final class TextTargets implements RowTargets {
    private final String file;
    private final List<Target> targets = new ArrayList<>();

    TextTargets(String file) {
        this.file = file;
    }

    @Override
    public void add(RowReader.Row row, Columns columns) {
        if (JsonRows.list(row, columns.label()).isPresent()) {
            throw Utf8Lines.error(file, row.line(), "the target is a list; one text is written");
        }
        String text = row.fields().get(columns.label());
        if (text == null || text.isBlank()) {
            throw Utf8Lines.error(file, row.line(), "the target is missing");
        }
        targets.add(new Target.Text(TextTokenizer.wellFormed(text)));
    }

    @Override
    public All all() {
        return new All(Labels.NONE, targets, "");
    }
}

package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import java.util.List;

/**
 * How a file writes several labels a text. Without either of these it has them as lists in JSON.
 *
 * @param columns one column of 0 and 1 a label, each by its name or position, {@code --label-columns}; empty for none
 * @param separator what stands between the labels in the one column, {@code --label-separator}; null for none
 */
public record LabelSets(List<String> columns, String separator) {
    /** Nothing was said of it. */
    public static final LabelSets UNSAID = new LabelSets(List.of(), null);

    public LabelSets {
        columns = List.copyOf(columns);
        if (!columns.isEmpty() && separator != null) {
            throw new OrtuneException("--label-columns and --label-separator exclude each other");
        }
        if (separator != null && separator.isEmpty()) {
            throw new OrtuneException("--label-separator must be one character or more");
        }
        if (columns.stream().anyMatch(String::isBlank)) {
            throw new OrtuneException("--label-columns must be names or numbers of columns with commas between");
        }
    }

    /** Whether anything was said. */
    public boolean isSaid() {
        return !columns.isEmpty() || separator != null;
    }
}

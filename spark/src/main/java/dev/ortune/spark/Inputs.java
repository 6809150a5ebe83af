package dev.ortune.spark;

import dev.ortune.predictor.Choices;
import dev.ortune.predictor.Input;
import dev.ortune.predictor.TextInput;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Which columns of a row are asked about.
 *
 * @param text the column's place
 * @param pair its place, or -1
 * @param choices its place, or -1
 */
record Inputs(int text, int pair, int choices) implements Serializable {
    /** What a row asks; null where what it asks about is null. */
    Input of(Row row) {
        String first = row.getString(text);
        String second = pair < 0 ? null : row.getString(pair);
        if (choices < 0) {
            return first == null || (pair >= 0 && second == null) ? null : new TextInput(first, second);
        }
        List<String> texts = row.isNullAt(choices) ? List.of() : row.getList(choices);
        return first == null || texts.size() < 2 || texts.contains(null) ? null : new Choices(first, second, texts);
    }
}

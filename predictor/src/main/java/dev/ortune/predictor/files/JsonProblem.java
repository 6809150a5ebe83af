package dev.ortune.predictor.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** What is wrong with JSON, in words that name places in it and not the parser's own classes and settings. */
public final class JsonProblem {
    private static final Pattern SOURCE =
            Pattern.compile("\\(start marker at \\[Source: .*?line: (\\d+), column: (\\d+)]\\)");
    private static final Pattern TRAILING = Pattern.compile("(?s)^Trailing token .*");
    private static final Pattern CLASSES = Pattern.compile(" \\(`?(?:Stream|Deserialization|com\\.fasterxml)[^)]*\\)");

    private JsonProblem() {}

    /** On one line, with the place where reading stopped. */
    public static String of(JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage());
        message = SOURCE.matcher(message).replaceAll("(which begins at line $1, column $2)");
        message = TRAILING.matcher(message).replaceAll("there is something after its end");
        message = CLASSES.matcher(message).replaceAll("");
        JsonLocation place = e.getLocation();
        String where = place == null ? "" : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ";
        return where + Printable.of(message);
    }
}

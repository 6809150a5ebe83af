package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.OrtuneException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names weights by parts of their names, e.g. {@code embeddings}, {@code encoder.layer.0-7} or {@code layer.*.attention}: its
 * parts stand somewhere in a name, one after another. A part may hold {@code *} for any characters, or be a range of numbers.
 */
final class WeightPattern {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})");

    private final String text;
    private final List<String> parts;

    WeightPattern(String text) {
        this.text = text;
        this.parts = List.of(text.split("\\.", -1));
        if (parts.stream().anyMatch(String::isEmpty)) {
            throw new OrtuneException("--freeze " + text + " is no name of weights: a part of it is empty");
        }
    }

    boolean matches(String weight) {
        List<String> names = List.of(weight.split("\\."));
        for (int from = 0; from + parts.size() <= names.size(); from++) {
            if (matches(names.subList(from, from + parts.size()))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(List<String> names) {
        for (int i = 0; i < parts.size(); i++) {
            if (!matches(parts.get(i), names.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String part, String name) {
        Matcher range = RANGE.matcher(part);
        if (range.matches()) {
            return name.matches("\\d{1,9}")
                    && Integer.parseInt(name) >= Integer.parseInt(range.group(1))
                    && Integer.parseInt(name) <= Integer.parseInt(range.group(2));
        }
        List<String> literal = new ArrayList<>();
        for (String piece : part.split("\\*", -1)) {
            literal.add(Pattern.quote(piece));
        }
        return name.matches(String.join(".*", literal));
    }

    @Override
    public String toString() {
        return text;
    }
}

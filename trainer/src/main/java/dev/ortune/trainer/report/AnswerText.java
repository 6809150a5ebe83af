package dev.ortune.trainer.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How alike two answers are by the rules of SQuAD's evaluation script (Rajpurkar et al. 2016, arXiv:1606.05250): capitals,
 * ASCII punctuation, the articles and blanks make no difference. What is a blank and what belongs to a word is as in Python.
 */
public final class AnswerText {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ARTICLES = Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");
    private static final Pattern BLANKS =
            Pattern.compile("[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

    private AnswerText() {}

    /** The words that count; none for a text that says nothing. */
    static List<String> words(String answer) {
        String plain = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
        return Arrays.stream(BLANKS.split(ARTICLES.matcher(plain).replaceAll(" ")))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** 1 where an answer has the words of one of the right ones, else 0; the right answer to no answers is none. */
    public static double exact(List<String> right, String answer) {
        List<String> words = words(answer);
        return best(right, each -> each.equals(words) ? 1 : 0);
    }

    /**
     * The harmonic mean of precision and recall of an answer's words, with that of the right answers for which it is highest;
     * where either has no words, 1 if both have none.
     */
    public static double f1(List<String> right, String answer) {
        List<String> words = words(answer);
        return best(right, each -> f1(each, words));
    }

    private static double best(List<String> right, Function<List<String>, Number> score) {
        List<List<String>> all = right.stream()
                .map(AnswerText::words)
                .filter(words -> !words.isEmpty())
                .toList();
        return (all.isEmpty() ? List.of(List.<String>of()) : all)
                .stream()
                        .mapToDouble(words -> score.apply(words).doubleValue())
                        .max()
                        .orElseThrow();
    }

    private static double f1(List<String> right, List<String> answer) {
        if (right.isEmpty() || answer.isEmpty()) {
            return right.equals(answer) ? 1 : 0;
        }
        Map<String, Long> counts = counts(right);
        long same = counts(answer).entrySet().stream()
                .mapToLong(word -> Math.min(word.getValue(), counts.getOrDefault(word.getKey(), 0L)))
                .sum();
        double precision = (double) same / answer.size();
        double recall = (double) same / right.size();
        return same == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static Map<String, Long> counts(List<String> words) {
        return words.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** A text without the blanks at its beginning, as Python's lstrip leaves it. */
    public static String stripped(String text) {
        return BLANKS.matcher(text).lookingAt() ? BLANKS.matcher(text).replaceFirst("") : text;
    }
}

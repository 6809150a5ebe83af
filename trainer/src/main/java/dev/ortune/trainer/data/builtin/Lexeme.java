package dev.ortune.trainer.data.builtin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A word with its forms, made by the rules of English spelling where no irregular form is given.
 *
 * @param base the form a dictionary lists
 * @param forms the other forms by name: {@code pl} of nouns; {@code s}, {@code past}, {@code part} and {@code ing} of
 *     verbs; {@code er} and {@code est} of adjectives
 * @param object the class of nouns that makes a sensible object of a verb, or the empty string
 */
record Lexeme(String base, Map<String, String> forms, String object) {
    private static final String VOWELS = "aeiou";

    static Lexeme word(String base) {
        return new Lexeme(base, Map.of(), "");
    }

    /** {@code box} or {@code child/children}. */
    static Lexeme noun(String entry) {
        List<String> parts = List.of(entry.split("/"));
        String plural = parts.size() > 1 ? parts.get(1) : withS(parts.get(0));
        return new Lexeme(parts.get(0), Map.of("pl", plural), "");
    }

    /** {@code carry:thing}, {@code drop*:thing} (the consonant doubles) or {@code write/wrote/written:document}. */
    static Lexeme verb(String entry) {
        List<String> sides = List.of(entry.split(":"));
        List<String> parts = List.of(sides.get(0).split("/"));
        String stem = parts.get(0);
        String base = stem.replace("*", "");
        Map<String, String> forms = new HashMap<>();
        forms.put("s", withS(base));
        forms.put("past", parts.size() > 1 ? parts.get(1) : suffixed(stem, "ed"));
        forms.put("part", parts.size() > 2 ? parts.get(2) : forms.get("past"));
        forms.put("ing", withIng(stem));
        return new Lexeme(base, Map.copyOf(forms), sides.size() > 1 ? sides.get(1) : "");
    }

    /** An adjective, with the endings that only short ones may take. */
    static Lexeme adjective(String base) {
        return new Lexeme(base, Map.of("er", suffixed(base, "er"), "est", suffixed(base, "est")), "");
    }

    String form(String name) {
        String form = name.isEmpty() ? base : forms.get(name);
        if (form == null) {
            throw new IllegalArgumentException("\"" + base + "\" has no form " + name);
        }
        return form;
    }

    private static String withS(String base) {
        if (endsInConsonantAndY(base)) {
            return base.substring(0, base.length() - 1) + "ies";
        }
        return base + (base.matches(".*(s|x|z|ch|sh|o)") ? "es" : "s");
    }

    private static String withIng(String stem) {
        boolean silentE = stem.endsWith("e") && !stem.endsWith("ee");
        return (silentE ? stem.substring(0, stem.length() - 1) : doubled(stem)) + "ing";
    }

    private static String suffixed(String stem, String suffix) {
        if (endsInConsonantAndY(stem)) {
            return stem.substring(0, stem.length() - 1) + "i" + suffix;
        }
        return stem.endsWith("e") ? stem + suffix.substring(1) : doubled(stem) + suffix;
    }

    private static String doubled(String stem) {
        if (!stem.endsWith("*")) {
            return stem;
        }
        String base = stem.substring(0, stem.length() - 1);
        return base + base.charAt(base.length() - 1);
    }

    private static boolean endsInConsonantAndY(String base) {
        return base.endsWith("y") && VOWELS.indexOf(base.charAt(base.length() - 2)) < 0;
    }
}

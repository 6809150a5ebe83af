package dev.ortune.trainer.data.builtin;

import java.util.List;

/**
 * One frame of minimal pairs, as lines that are used in turn (its singular and its plural, say). A line is a sentence
 * with three marks:
 *
 * <ul>
 *   <li><code>[is|are]</code> is what makes the difference: the left side stands in the acceptable sentence, the right
 *       side in the unacceptable one; either may be empty;
 *   <li><code>(in|near)</code> is a free choice, the same in both sentences unless it stands within brackets;
 *   <li><code>{person}</code>, <code>{person2.pl}</code> draw a word of a class of the {@link Lexicon}, in its base
 *       form or in the one named; the same class and number is the same word throughout the line.
 * </ul>
 *
 * @param split the part of the set it belongs to
 * @param lines its variants
 */
record Template(Split split, List<String> lines) {
    Template {
        lines = List.copyOf(lines);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a template needs a line");
        }
    }
}

package dev.ortune.predictor.text;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a text by name and place, for tasks that answer for each of them.
 *
 * @param list one for each id
 * @param decoder puts them together
 */
public record Tokens(List<Token> list, TokenDecoder decoder) {
    /** For tasks that do without. */
    static final Tokens NONE = new Tokens(List.of(), new TokenDecoder.Blanks());

    /** Those at some places, in this order. */
    Tokens at(int... places) {
        return list.isEmpty()
                ? this
                : new Tokens(Arrays.stream(places).mapToObj(list::get).toList(), decoder);
    }

    /** The text of tokens or words, as {@code convert_tokens_to_string} makes it. */
    public String join(List<String> words) {
        return decoder.join(words);
    }
}

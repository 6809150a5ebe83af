package dev.ortune.predictor.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Text out of tokens as they come. A character may be of several tokens, so what is not whole waits for the rest; and what a token
 * stands for may depend on the one before it, so that each is read together with those of the step before.
 */
final class GrowingText {
    /** What stands for bytes that are no character yet. */
    private static final String BROKEN = "\ufffd";

    private final Function<long[], String> decode;
    private final List<Long> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    /** From here on tokens are read again. */
    private int from;
    /** Tokens whose text is there. */
    private int read;

    /** @param decode the text of tokens */
    GrowingText(Function<long[], String> decode) {
        this.decode = decode;
    }

    /** Adds a token and gives the text that is whole with it, which may be empty. */
    String add(long token) {
        tokens.add(token);
        return whole(false);
    }

    /** The rest, whole or not. */
    String end() {
        return whole(true);
    }

    private String whole(boolean last) {
        String before = decoded(read);
        String now = decoded(tokens.size());
        if (now.length() <= before.length() || (!last && now.endsWith(BROKEN))) {
            return "";
        }
        String added = now.substring(before.length());
        from = read;
        read = tokens.size();
        text.append(added);
        return added;
    }

    private String decoded(int to) {
        return decode.apply(
                tokens.subList(from, to).stream().mapToLong(Long::longValue).toArray());
    }

    /** The text of other tokens, as they are. */
    String whole(long[] others) {
        return decode.apply(others);
    }

    /** All of it. */
    String text() {
        return text.toString();
    }
}

package dev.ortune.trainer.corpus;

import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.text.Pieces;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * A model that sees only the tokens before is to say the next one. Lines keep their ends, as in transformers' run_clm, and a
 * document ends with a token of its own, as GPT-2's texts do.
 *
 * @param end that token; negative for none
 */
public record NextTokens(int end) implements Labelling {
    @Override
    public boolean hasLabels(int[] tokens) {
        return tokens.length > 1;
    }

    @Override
    public int label(SplittableRandom random, int[] tokens, long[] ids, long[] labels, int at) {
        for (int i = 0; i < tokens.length; i++) {
            ids[at + i] = Pieces.id(tokens[i]);
            labels[at + i] = i + 1 < tokens.length ? Pieces.id(tokens[i + 1]) : Targets.IGNORED;
        }
        return tokens.length - 1;
    }

    @Override
    public OptionalInt documentEnd() {
        return end < 0 ? OptionalInt.empty() : OptionalInt.of(end);
    }

    @Override
    public boolean keepsLineEnds() {
        return true;
    }
}

package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Value;
import java.util.function.Function;

/** The keys and values that a decoder keeps from one token to the next. */
public interface Kept {
    /**
     * Keys and values of an attention, head by head.
     *
     * @param keys {@code [batch, heads, places, head size]}
     * @param values likewise
     */
    record Pair(Value keys, Value values) {}

    /** Nothing is kept: all is computed each time. */
    Kept NOTHING = new Kept() {
        @Override
        public Pair ofDecoder(int layer, Pair made) {
            return made;
        }

        @Override
        public Pair ofEncoder(int layer, Value memory, Function<Value, Pair> make) {
            return make.apply(memory);
        }
    };

    /** Those of the decoder's own places, with the earlier ones before them. */
    Pair ofDecoder(int layer, Pair made);

    /**
     * Those of the encoder's tokens.
     *
     * @param memory the encoder's states
     * @param make makes them of states
     */
    Pair ofEncoder(int layer, Value memory, Function<Value, Pair> make);
}

package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Value;
import java.util.List;

/**
 * A weight, or several in one tensor, as a graph has it that trains. One that learns {@code rate} times as fast as others is
 * kept divided by its rate and read multiplied by it, while the optimizer sees the gradient of what is read: an update of
 * Adam's, which does not depend on the gradient's scale, then counts {@code rate} times.
 *
 * @param input the graph's, which the session keeps
 * @param read what the network reads of it, in parts along the first axis
 * @param rate what it is multiplied by where it is read, of a shape that fits; null for 1
 * @param decays whether weight decay applies
 * @param trained whether it is trained at all
 */
public record SessionWeight(Value input, List<Value> read, Value rate, boolean decays, boolean trained) {
    public SessionWeight {
        read = List.copyOf(read);
    }
}

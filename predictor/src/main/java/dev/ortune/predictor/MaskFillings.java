package dev.ortune.predictor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * Of a model that fills masks.
 *
 * @param masks of each mask in the order of the text what may stand there, the likeliest first
 */
public record MaskFillings(List<List<Filling>> masks) implements Answer {
    public MaskFillings {
        masks = masks.stream().map(List::copyOf).toList();
    }

    /** As transformers' pipeline gives it: a list, or for several masks a list each. */
    public ArrayNode json() {
        if (masks.size() == 1) {
            return list(masks.get(0));
        }
        ArrayNode lists = JsonNodeFactory.instance.arrayNode();
        masks.forEach(mask -> lists.add(list(mask)));
        return lists;
    }

    private static ArrayNode list(List<Filling> fillings) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        fillings.forEach(filling -> list.add(filling.json()));
        return list;
    }
}

package dev.ortune.predictor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * Of a token classifier.
 *
 * @param entities in the order of the text
 */
public record TokenEntities(List<Entity> entities) implements Answer {
    /** The list that Hugging Face's pipeline gives. */
    public ArrayNode json() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        entities.forEach(entity -> list.add(entity.json()));
        return list;
    }
}

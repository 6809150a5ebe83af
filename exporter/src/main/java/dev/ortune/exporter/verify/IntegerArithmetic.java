package dev.ortune.exporter.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How far a file of 8-bit integers is from exact arithmetic where it was compared.
 *
 * @param difference the largest of all numbers of all outputs; not quite 0, since activations that lie between two integers may be
 *     rounded to either
 * @param processor whose integer products they were
 */
public record IntegerArithmetic(double difference, Processor processor) {
    /** As export.json has it. */
    public ObjectNode json() {
        return new ObjectMapper()
                .createObjectNode()
                .put("max_difference_from_exact", difference)
                .put("processor", processor.name())
                .put("instructions", processor.instructions());
    }
}

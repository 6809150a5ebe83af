package dev.ortune.trainer.model;

import dev.ortune.trainer.model.EncoderConfig.Dropout;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.task.head.SequenceHead;
import java.util.List;

/** Small BERTs for tests. */
public final class Berts {
    private Berts() {}

    /** Any size, with gelu and a dropout of 0.1. */
    public static Bert bert(Size size) {
        return bert(size, "gelu", 0.1);
    }

    public static Bert bert(Size size, String activation, double dropout) {
        return bert(size, activation, dropout, 0.02);
    }

    public static Bert bert(Size size, String activation, double dropout, double initializerRange) {
        return new Bert(new EncoderConfig(
                size,
                Activation.of("hidden_act", activation),
                new Dropout(dropout, dropout, dropout),
                1e-12,
                initializerRange));
    }

    public static Network classifier(Architecture architecture, int labels) {
        return new Network(architecture, new SequenceHead(labels));
    }

    /** All weights of a classifier. */
    public static List<Parameter> parameters(Architecture architecture, int labels) {
        return classifier(architecture, labels).parameters();
    }
}

package dev.ortune.exporter.export;

import dev.ortune.exporter.pass.Pass;
import dev.ortune.exporter.precision.ActivationScale;
import dev.ortune.exporter.precision.BlockQuantisation;
import dev.ortune.exporter.precision.HalfPrecision;
import dev.ortune.exporter.precision.Int8Quantisation;
import dev.ortune.exporter.verify.Verification.Tolerance;
import java.nio.file.Path;
import java.util.Locale;

/** The numbers that a file computes with. Files are called as transformers.js looks for them. */
public enum Precision {
    /** As the model was trained. */
    FP32(""),
    /** Half precision, for GPUs. */
    FP16("_fp16"),
    /** 8-bit integers, for CPUs. */
    INT8("_int8"),
    /** Weights of 4 bits, for small memory. */
    INT4("_q4");

    private final String suffix;

    Precision(String suffix) {
        this.suffix = suffix;
    }

    /**
     * How far a file of it may be off. The likeliest of all words of a vocabulary is often next to as likely as another one, and so
     * is the place where an answer begins or ends; so fewer of these have to be the same.
     */
    Tolerance tolerance(Task task) {
        boolean ofMany = task == Task.TEXT_GENERATION || task == Task.QUESTION_ANSWERING;
        if (ofMany && !isFloat()) {
            return Tolerance.verdicts(0.9, 0.02);
        }
        return switch (this) {
            case FP32 -> Tolerance.logits(1e-4);
            case FP16 -> Tolerance.logits(2e-2);
            case INT8, INT4 -> Tolerance.verdicts(0.99, 0.02);
        };
    }

    /** What files of it have in their names. */
    String suffix() {
        return suffix;
    }

    boolean isFloat() {
        return this == FP32 || this == FP16;
    }

    /** Whether a CPU computes with it, so that timing it on one means something. */
    boolean isForCpus() {
        return this != FP16;
    }

    /**
     * Turns a frozen graph of floats into one of these numbers.
     *
     * @param weights the file that the floats are from, for messages
     * @param scale of activations, where they are rounded
     */
    Pass pass(Path weights, boolean keepEmbeddings, ActivationScale scale) {
        return switch (this) {
            case FP32 -> graph -> {};
            case FP16 -> new HalfPrecision(weights);
            case INT8 -> new Int8Quantisation(keepEmbeddings, scale);
            case INT4 -> new BlockQuantisation(keepEmbeddings);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

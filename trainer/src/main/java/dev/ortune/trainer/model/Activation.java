package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;

/** The functions inside feed-forward blocks and heads, by transformers' names. */
public enum Activation {
    /** {@code x Phi(x)}, Hendrycks and Gimpel 2016 (arXiv:1606.08415). */
    GELU,
    /** Its approximation by tanh. */
    GELU_NEW,
    RELU,
    TANH,
    /** {@code x / (1 + exp(-x))}, the same paper; also called Swish. */
    SILU;

    /** The function that a configuration names, under {@code key}. */
    public static Activation of(String key, String name) {
        return switch (name) {
            case "gelu" -> GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> GELU_NEW;
            case "relu" -> RELU;
            case "tanh" -> TANH;
            case "silu", "swish" -> SILU;
            default ->
                throw new OrtuneException("config.json: " + key + " \"" + name
                        + "\" is not supported; gelu, gelu_new, relu, tanh and silu are");
        };
    }
}

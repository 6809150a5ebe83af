package dev.ortune.exporter.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** A family of encoders: what its weights and the keys of its configuration are called, as transformers has them. */
public enum Family {
    BERT("Bert"),
    ROBERTA("Roberta"),
    DISTILBERT("DistilBert"),
    ELECTRA("Electra");

    private final String prefix;

    Family(String prefix) {
        this.prefix = prefix;
    }

    /** transformers' class for a task, such as {@code RobertaForTokenClassification}. */
    public String architecture(boolean ofTokens) {
        return prefix + (ofTokens ? "ForTokenClassification" : "ForSequenceClassification");
    }

    /** Whether its tokenizers tell the second text by type ids. */
    public boolean hasTypes() {
        return this == BERT || this == ELECTRA;
    }

    /** Ids of padding, begin and end. */
    public int[] special() {
        return this == ROBERTA ? new int[] {1, 0, 2} : new int[] {0, 2, 3};
    }

    /** What a layer's part is called, by BERT's name for it. */
    String module(String bert) {
        if (this != DISTILBERT) {
            return bert;
        }
        return switch (bert) {
            case "encoder" -> "transformer";
            case "attention.self.query" -> "attention.q_lin";
            case "attention.self.key" -> "attention.k_lin";
            case "attention.self.value" -> "attention.v_lin";
            case "attention.output.dense" -> "attention.out_lin";
            case "attention.output.LayerNorm" -> "sa_layer_norm";
            case "intermediate.dense" -> "ffn.lin1";
            case "output.dense" -> "ffn.lin2";
            case "output.LayerNorm" -> "output_layer_norm";
            default -> bert;
        };
    }

    /** A number of a configuration, by BERT's name for it. */
    long number(JsonNode config, String bert) {
        String key = this != DISTILBERT
                ? bert
                : switch (bert) {
                    case "hidden_size" -> "dim";
                    case "num_attention_heads" -> "n_heads";
                    case "num_hidden_layers" -> "n_layers";
                    case "intermediate_size" -> "hidden_dim";
                    default -> bert;
                };
        return config.required(key).asLong();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

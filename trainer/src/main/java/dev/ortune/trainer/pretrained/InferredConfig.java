package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;

/** The configuration of one of Google's BERTs, read off the shapes of its tensors. */
final class InferredConfig {
    /** The width of a head in every BERT that Google published, from tiny to large. */
    private static final long HEAD = 64;

    private InferredConfig() {}

    /** The tensors that {@link #of} looks at: embeddings and vectors, no matrices. */
    static boolean isNeeded(String name) {
        return name.matches("bert\\.embeddings\\.\\w+_embeddings\\.weight|bert\\.encoder\\..*\\.bias");
    }

    /** A config.json for {@code weights}. */
    static ObjectNode of(Weights weights) {
        long[] words = embedding(weights, "word");
        if (words[1] == 0 || words[1] % HEAD != 0) {
            throw new OrtuneException(weights.origin() + ": is none of Google's BERTs (width " + words[1]
                    + "); put its bert_config.json beside it");
        }
        int layers = 0;
        while (weights.contains(bias(layers, "output.dense"))) {
            layers++;
        }
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("model_type", "bert").put("vocab_size", words[0]).put("hidden_size", words[1]);
        json.put("num_hidden_layers", layers).put("num_attention_heads", words[1] / HEAD);
        json.put("intermediate_size", weights.get(bias(0, "intermediate.dense")).elements());
        json.put("max_position_embeddings", embedding(weights, "position")[0]);
        json.put("type_vocab_size", embedding(weights, "token_type")[0]);
        json.put("hidden_act", "gelu").put("hidden_dropout_prob", 0.1).put("attention_probs_dropout_prob", 0.1);
        return json.put("layer_norm_eps", 1e-12).put("initializer_range", 0.02).put("pad_token_id", 0);
    }

    private static String bias(int layer, String module) {
        return "bert.encoder.layer." + layer + "." + module + ".bias";
    }

    private static long[] embedding(Weights weights, String kind) {
        Tensor tensor = weights.get("bert.embeddings." + kind + "_embeddings.weight");
        if (tensor.shape().length != 2) {
            throw new OrtuneException(weights.origin() + ": tensor " + tensor.name() + " is no matrix");
        }
        return tensor.shape();
    }
}

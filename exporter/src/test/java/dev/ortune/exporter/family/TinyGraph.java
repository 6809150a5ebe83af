package dev.ortune.exporter.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;

/**
 * The forward graph of a family and a task, written as {@code ortune train} writes {@code graph.onnx}: standard operators,
 * each weight an input under transformers' name, linear weights as [out, in].
 */
public final class TinyGraph {
    private static final float MASKED = -10000f;

    private final Family family;
    private final JsonNode config;
    private final GraphBuilder build = new GraphBuilder();
    private final long hidden;

    private TinyGraph(Family family, JsonNode config) {
        this.family = family;
        this.config = config;
        this.hidden = family.number(config, "hidden_size");
    }

    /**
     * Of a configuration as transformers writes it.
     *
     * @param ofTokens labels of tokens, [batch, sequence, labels], or of texts, [batch, labels]
     */
    public static Graph of(Family family, JsonNode config, boolean ofTokens) {
        return new TinyGraph(family, config).graph(ofTokens, false);
    }

    /** Of one label a text that also gives all tokens' hidden states, [batch, sequence, hidden]. */
    public static Graph withHiddenStates(Family family, JsonNode config) {
        return new TinyGraph(family, config).graph(false, true);
    }

    /** Of where answers begin and end, {@code start_logits} and {@code end_logits}, [batch, sequence]. */
    public static Graph ofAnswers(Family family, JsonNode config) {
        return new TinyGraph(family, config).answers();
    }

    /** BERT's of the words behind masks, {@code logits} [batch, sequence, vocabulary]. */
    static Graph ofMasks(JsonNode config) {
        return new TinyGraph(Family.BERT, config).masks();
    }

    private Graph masks() {
        String ids = build.text("input_ids");
        String encoded = encode(ids, build.text("attention_mask"));
        String module = "cls.predictions";
        String dense = build.linear(module + ".transform.dense", encoded, hidden, hidden);
        String normed = build.layerNorm(
                module + ".transform.LayerNorm", build.gelu(module + ".transform", dense), hidden, epsilon());
        long vocabulary = family.number(config, "vocab_size");
        String table = build.weight("bert.embeddings.word_embeddings.weight", vocabulary, hidden);
        String products = build.add(module, "MatMul", normed, build.transpose(module, table, 1L, 0L));
        String logits = build.add(module, "Add", products, build.weight(module + ".bias", vocabulary));
        build.output(logits, "logits", Dim.of("batch"), Dim.of("sequence"), Dim.of(vocabulary));
        return build.graph();
    }

    private Graph answers() {
        String ids = build.text("input_ids");
        String both = build.linear("qa_outputs", encode(ids, build.text("attention_mask")), hidden, 2);
        Dim batch = Dim.of("batch");
        Dim sequence = Dim.of("sequence");
        build.output(build.gather("qa_outputs", both, build.index(0), 2), "start_logits", batch, sequence);
        build.output(build.gather("qa_outputs", both, build.index(1), 2), "end_logits", batch, sequence);
        return build.graph();
    }

    private Graph graph(boolean ofTokens, boolean withHidden) {
        String ids = build.text("input_ids");
        String mask = build.text("attention_mask");
        String encoded = encode(ids, mask);
        long labels = config.required("id2label").size();
        Dim batch = Dim.of("batch");
        if (ofTokens) {
            String logits = build.linear("classifier", encoded, hidden, labels);
            build.output(logits, "logits", batch, Dim.of("sequence"), Dim.of(labels));
        } else {
            build.output(head(encoded, labels), "logits", batch, Dim.of(labels));
        }
        if (withHidden) {
            build.output(encoded, "last_hidden_state", batch, Dim.of("sequence"), Dim.of(hidden));
        }
        return build.graph();
    }

    private String encode(String ids, String mask) {
        String row =
                build.add("mask", "Reshape", build.cast("mask", mask, ElementType.FLOAT), build.numbers(0, 1, 1, -1));
        String bias = build.add("mask", "Mul", build.add("mask", "Sub", build.scalar(1), row), build.scalar(MASKED));
        String x = embed(ids);
        for (int i = 0; i < family.number(config, "num_hidden_layers"); i++) {
            x = layer(family + "." + family.module("encoder") + ".layer." + i + ".", x, bias);
        }
        return x;
    }

    private String embed(String ids) {
        String module = family + ".embeddings";
        long width = config.path("embedding_size").asLong(hidden);
        String words = lookup(module + ".word_embeddings", family.number(config, "vocab_size"), width, ids);
        long types = config.path("type_vocab_size").asLong(0);
        if (family.hasTypes()) {
            String typeIds = build.text("token_type_ids");
            words = build.add(module, "Add", words, lookup(module + ".token_type_embeddings", types, width, typeIds));
        } else if (types > 0) {
            // All tokens are of the one type.
            words = build.add(
                    module, "Add", words, build.weight(module + ".token_type_embeddings.weight", types, width));
        }
        String sum = build.add(module, "Add", words, positions(module, ids, width));
        String normal = build.layerNorm(module + ".LayerNorm", sum, width, epsilon());
        return family == Family.ELECTRA && width != hidden
                ? build.linear(family + ".embeddings_project", normal, width, hidden)
                : normal;
    }

    private String lookup(String module, long rows, long width, String ids) {
        return build.gather(module, build.weight(module + ".weight", rows, width), ids, 0);
    }

    /** RoBERTa counts the tokens that are no padding, from the padding's id on; the others count places. */
    private String positions(String module, String ids, long width) {
        String name = module + ".position_embeddings";
        long rows = family.number(config, "max_position_embeddings");
        if (family != Family.ROBERTA) {
            String length = build.gather(module, build.add(module, "Shape", ids), build.numbers(1), 0);
            String zero = build.numbers(0);
            return build.add(name, "Slice", build.weight(name + ".weight", rows, width), zero, length, zero);
        }
        String pad = build.index(family.number(config, "pad_token_id"));
        String real = build.cast(name, build.add(name, "Not", build.add(name, "Equal", ids, pad)), ElementType.INT64);
        String counted = build.add(name, "Mul", build.add(name, "CumSum", real, build.index(1)), real);
        return lookup(name, rows, width, build.add(name, "Add", counted, pad));
    }

    private String layer(String layer, String x, String bias) {
        String context = attend(layer, x, bias);
        String output = linear(layer, "attention.output.dense", context, hidden, hidden);
        String sum = build.add(layer + "attention", "Add", output, x);
        String attended = layerNorm(layer, "attention.output.LayerNorm", sum);
        long inner = family.number(config, "intermediate_size");
        String wide = build.gelu(layer + "intermediate", linear(layer, "intermediate.dense", attended, hidden, inner));
        String narrow = linear(layer, "output.dense", wide, inner, hidden);
        return layerNorm(layer, "output.LayerNorm", build.add(layer + "output", "Add", narrow, attended));
    }

    private String attend(String layer, String x, String bias) {
        long heads = family.number(config, "num_attention_heads");
        String module = layer + "attention.self";
        String query = heads(layer, "attention.self.query", x, heads, 1L, 3L);
        String key = heads(layer, "attention.self.key", x, heads, 3L, 1L);
        String value = heads(layer, "attention.self.value", x, heads, 1L, 3L);
        String root = build.scalar((float) Math.sqrt((double) hidden / heads));
        String scores = build.add(module, "Div", build.add(module, "MatMul", query, key), root);
        String shares = build.add(module, "Softmax", build.add(module, "Add", scores, bias));
        String context = build.transpose(module, build.add(module, "MatMul", shares, value), 0L, 2L, 1L, 3L);
        return build.add(module, "Reshape", context, build.numbers(0, 0, hidden));
    }

    private String heads(String layer, String name, String x, long heads, long third, long fourth) {
        String module = layer + name;
        String projected = linear(layer, name, x, hidden, hidden);
        String split = build.add(module, "Reshape", projected, build.numbers(0, 0, heads, hidden / heads));
        return build.transpose(module, split, 0L, 2L, third, fourth);
    }

    private String linear(String layer, String bert, String x, long in, long out) {
        return build.linear(layer + family.module(bert), x, in, out);
    }

    private String layerNorm(String layer, String bert, String x) {
        return build.layerNorm(layer + family.module(bert), x, hidden, epsilon());
    }

    private float epsilon() {
        return (float) config.path("layer_norm_eps").asDouble(1e-12);
    }

    private String head(String encoded, long labels) {
        String first = build.gather("head", encoded, build.index(0), 1);
        return switch (family) {
            case BERT -> {
                String pooled = build.linear("bert.pooler.dense", first, hidden, hidden);
                yield build.linear("classifier", build.add("bert.pooler", "Tanh", pooled), hidden, labels);
            }
            case DISTILBERT -> {
                String dense = build.linear("pre_classifier", first, hidden, hidden);
                yield build.linear("classifier", build.add("head", "Relu", dense), hidden, labels);
            }
            case ROBERTA -> {
                String dense = build.linear("classifier.dense", first, hidden, hidden);
                yield build.linear("classifier.out_proj", build.add("head", "Tanh", dense), hidden, labels);
            }
            case ELECTRA -> {
                String dense = build.linear("classifier.dense", first, hidden, hidden);
                yield build.linear("classifier.out_proj", build.gelu("classifier", dense), hidden, labels);
            }
        };
    }
}

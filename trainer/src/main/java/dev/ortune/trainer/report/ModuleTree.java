package dev.ortune.trainer.report;

import dev.ortune.trainer.encoder.BertConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A model as PyTorch prints it: its modules, what they are made of, and how many parameters are in each.
 *
 * @param name attribute name within the parent, empty for the root
 * @param type class name, with arguments where it is a leaf
 * @param parameters of this module alone, without its children; of one copy where there are several
 * @param copies how often it stands there in a row, as layers do
 * @param children modules inside
 */
public record ModuleTree(String name, String type, long parameters, int copies, List<ModuleTree> children) {
    private static final int COUNT_COLUMN = 78;

    public ModuleTree {
        children = List.copyOf(children);
    }

    /** transformers' {@code BertForSequenceClassification}. */
    public static ModuleTree of(BertConfig config, int labels) {
        int hidden = config.hiddenSize();
        ModuleTree pooler = node("pooler", "BertPooler", linear("dense", hidden, hidden), leaf("activation", "Tanh()"));
        ModuleTree bert = node("bert", "BertModel", embeddings(config), encoder(config), pooler);
        return node(
                "",
                "BertForSequenceClassification",
                bert,
                dropout("dropout", config.classifierDropout()),
                linear("classifier", hidden, labels));
    }

    /** Parameters of this module and all inside. */
    public long total() {
        return copies
                * (parameters + children.stream().mapToLong(ModuleTree::total).sum());
    }

    /** The tree as lines, the number of parameters beside each module. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(lines, 0);
        return lines;
    }

    private void add(List<String> lines, int depth) {
        String indent = "  ".repeat(depth);
        String title = name.isEmpty() ? "" : "(" + name + "): ";
        String times = copies > 1 ? copies + " x " : "";
        String open = children.isEmpty() ? "" : "(";
        String line = indent + title + times + type + open;
        lines.add(total() == 0 ? line : String.format(Locale.ROOT, "%-" + COUNT_COLUMN + "s %,12d", line, total()));
        children.forEach(child -> child.add(lines, depth + 1));
        if (!children.isEmpty()) {
            lines.add(indent + ")");
        }
    }

    private static ModuleTree embeddings(BertConfig config) {
        return node(
                "embeddings",
                "BertEmbeddings",
                embedding("word_embeddings", config.vocabSize(), config, ", padding_idx=0"),
                embedding("position_embeddings", config.maxPositionEmbeddings(), config, ""),
                embedding("token_type_embeddings", config.typeVocabSize(), config, ""),
                layerNorm(config),
                dropout("dropout", config.hiddenDropoutProb()));
    }

    private static ModuleTree encoder(BertConfig config) {
        int count = config.numHiddenLayers();
        ModuleTree layer = layer(config);
        ModuleTree layers =
                new ModuleTree(count == 1 ? "0" : "0-" + (count - 1), "BertLayer", 0, count, layer.children());
        return node("encoder", "BertEncoder", node("layer", "ModuleList", layers));
    }

    private static ModuleTree layer(BertConfig config) {
        int hidden = config.hiddenSize();
        int inner = config.intermediateSize();
        ModuleTree self = node(
                "self",
                "BertSelfAttention",
                linear("query", hidden, hidden),
                linear("key", hidden, hidden),
                linear("value", hidden, hidden),
                dropout("dropout", config.attentionProbsDropoutProb()));
        ModuleTree attention = node("attention", "BertAttention", self, output("BertSelfOutput", hidden, config));
        ModuleTree intermediate = node(
                "intermediate",
                "BertIntermediate",
                linear("dense", hidden, inner),
                leaf("intermediate_act_fn", activation(config.hiddenAct())));
        return node("", "BertLayer", attention, intermediate, output("BertOutput", inner, config));
    }

    private static ModuleTree output(String type, int in, BertConfig config) {
        return node(
                "output",
                type,
                linear("dense", in, config.hiddenSize()),
                layerNorm(config),
                dropout("dropout", config.hiddenDropoutProb()));
    }

    private static String activation(String name) {
        return switch (name) {
            case "gelu" -> "GELUActivation()";
            case "relu" -> "ReLU()";
            default -> "NewGELUActivation()";
        };
    }

    private static ModuleTree node(String name, String type, ModuleTree... children) {
        return new ModuleTree(name, type, 0, 1, List.of(children));
    }

    private static ModuleTree leaf(String name, String type) {
        return new ModuleTree(name, type, 0, 1, List.of());
    }

    private static ModuleTree dropout(String name, double share) {
        return leaf(name, "Dropout(p=" + share + ", inplace=False)");
    }

    private static ModuleTree embedding(String name, int rows, BertConfig config, String extra) {
        String type = "Embedding(" + rows + ", " + config.hiddenSize() + extra + ")";
        return new ModuleTree(name, type, (long) rows * config.hiddenSize(), 1, List.of());
    }

    private static ModuleTree linear(String name, int in, int out) {
        String type = "Linear(in_features=" + in + ", out_features=" + out + ", bias=True)";
        return new ModuleTree(name, type, (long) in * out + out, 1, List.of());
    }

    private static ModuleTree layerNorm(BertConfig config) {
        String type = "LayerNorm((" + config.hiddenSize() + ",), eps="
                + String.format(Locale.ROOT, "%.0e", config.layerNormEps()) + ", elementwise_affine=True)";
        return new ModuleTree("LayerNorm", type, 2L * config.hiddenSize(), 1, List.of());
    }
}

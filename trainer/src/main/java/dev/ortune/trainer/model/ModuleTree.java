package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model as PyTorch prints it: its modules, as far as they have parameters, and how many there are in each.
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

    /** The modules of transformers' class, e.g. {@code BertForSequenceClassification}. */
    public static ModuleTree of(Network network) {
        Builder root = new Builder(network, network.plain());
        network.parameters().forEach(root::add);
        return root.tree("", network.className());
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

    /** Modules under construction: those inside by name, and the parameters of their own. */
    private static final class Builder {
        private final Network network;
        private final Graph graph;
        private final Map<String, Builder> children = new LinkedHashMap<>();
        private final Map<String, Parameter> own = new LinkedHashMap<>();

        Builder(Network network, Graph graph) {
            this.network = network;
            this.graph = graph;
        }

        void add(Parameter parameter) {
            Builder at = this;
            String[] path = parameter.name().split("\\.", -1);
            for (int i = 0; i < path.length - 1; i++) {
                at = at.children.computeIfAbsent(path[i], name -> new Builder(network, graph));
            }
            at.own.put(path[path.length - 1], parameter);
        }

        ModuleTree tree(String name, String type) {
            if (own.containsKey("weight")) {
                long elements =
                        own.values().stream().mapToLong(Parameter::elements).sum();
                return new ModuleTree(name, leaf(), elements, 1, List.of());
            }
            long alone = own.values().stream().mapToLong(Parameter::elements).sum();
            if (children.isEmpty()) {
                return new ModuleTree(name, tied(alone), alone, 1, List.of());
            }
            if (children.keySet().stream().allMatch(ModuleTree::isNumber)) {
                return new ModuleTree(name, "ModuleList", 0, 1, members(name));
            }
            List<ModuleTree> inside = new ArrayList<>();
            children.forEach((child, builder) ->
                    inside.add(builder.tree(child, network.architecture().moduleClass(name, child))));
            return new ModuleTree(name, type, alone, 1, inside);
        }

        /** A layer that has a bias alone, since its weight is the word embedding. */
        private String tied(long rows) {
            Value words = graph.inputs().get(network.architecture().wordEmbeddings());
            return "Linear(in_features=" + words.shape().dim(1).size() + ", out_features=" + rows + ", bias=True)";
        }

        /** Those of a list, neighbours that are alike in one. */
        private List<ModuleTree> members(String list) {
            List<ModuleTree> members = new ArrayList<>();
            int first = 0;
            for (int i = 0; i < children.size(); i++) {
                String type = network.architecture()
                        .memberClass(
                                list, children.get(String.valueOf(i)).children.keySet());
                ModuleTree member = children.get(String.valueOf(i)).tree(String.valueOf(i), type);
                ModuleTree before = members.isEmpty() ? null : members.get(members.size() - 1);
                boolean again = before != null && before.children().equals(member.children());
                first = again ? first : i;
                String name = again ? first + "-" + i : member.name();
                ModuleTree grouped = new ModuleTree(name, type, member.parameters(), i - first + 1, member.children());
                if (again) {
                    members.set(members.size() - 1, grouped);
                } else {
                    members.add(grouped);
                }
            }
            return members;
        }

        private String leaf() {
            Parameter weight = own.get("weight");
            long[] sizes = weight.sizes();
            if (weight.role() == Role.NORM && epsilon(weight) == 0) {
                // Written in several operators, none of which has the epsilon.
                return network.architecture().moduleClass("", "rms_norm") + "()";
            }
            if (weight.role() == Role.NORM) {
                return "LayerNorm((" + sizes[0] + ",), eps=" + String.format(Locale.ROOT, "%.0e", epsilon(weight))
                        + ", elementwise_affine=True, bias=" + (own.containsKey("bias") ? "True" : "False") + ")";
            }
            if (sizes.length == 3) {
                return "Conv1d(" + sizes[1] + ", " + sizes[0] + ", kernel_size=(" + sizes[2]
                        + ",), stride=(1,), padding=(" + sizes[2] / 2 + ",))";
            }
            if (weight.role() == Role.INPUTS_FIRST) {
                return "Conv1D(nf=" + sizes[1] + ", nx=" + sizes[0] + ")";
            }
            return weight.role() == Role.TABLE
                    ? "Embedding(" + sizes[0] + ", " + sizes[1] + ")"
                    : "Linear(in_features=" + sizes[1] + ", out_features=" + sizes[0] + ", bias="
                            + (own.containsKey("bias") ? "True" : "False") + ")";
        }

        private double epsilon(Parameter scale) {
            Node norm = graph.nodes().stream()
                    .filter(node -> node.inputs().contains(graph.inputs().get(scale.name())))
                    .findFirst()
                    .orElseThrow();
            return norm.attribute("epsilon", 0f);
        }
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(Character::isDigit);
    }
}

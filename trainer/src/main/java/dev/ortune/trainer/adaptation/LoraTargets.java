package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.OrtuneException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which linear layers get an update: what peft calls {@code target_modules}. */
public sealed interface LoraTargets {
    /** What is written for {@link All}. */
    String ALL_LINEAR = "all-linear";

    /** Whether the layer of that name is meant. */
    boolean include(String layer);

    /** Layers whose names are these or end with one of them behind a dot. */
    record Names(List<String> ends) implements LoraTargets {
        public Names {
            ends = List.copyOf(ends);
        }

        @Override
        public boolean include(String layer) {
            return ends.stream().anyMatch(end -> ModuleNames.endsWith(layer, end));
        }

        @Override
        public String toString() {
            return String.join(",", ends);
        }
    }

    /** Layers whose whole names the expression fits. */
    record Regex(Pattern pattern) implements LoraTargets {
        @Override
        public boolean include(String layer) {
            return pattern.matcher(layer).matches();
        }

        @Override
        public String toString() {
            return pattern.pattern();
        }
    }

    /** Every linear layer but those that are trained whole. */
    record All() implements LoraTargets {
        @Override
        public boolean include(String layer) {
            return true;
        }

        @Override
        public String toString() {
            return ALL_LINEAR;
        }
    }

    /** As it is written on the command line: names with commas between them, {@code all-linear}, or a regular expression. */
    static LoraTargets parse(String text) {
        if (text.equals(ALL_LINEAR)) {
            return new All();
        }
        if (text.matches("[\\w.]+(,[\\w.]+)*")) {
            return new Names(Arrays.asList(text.split(",")));
        }
        try {
            return new Regex(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new OrtuneException("--lora-targets is neither names, nor " + ALL_LINEAR
                    + ", nor a regular expression: " + e.getDescription() + " in " + text);
        }
    }

    /**
     * The usual ones of a family: peft's where it has any, else the layers that make queries and values.
     *
     * @param modelType as config.json has it
     */
    static LoraTargets usual(String modelType) {
        return USUAL.getOrDefault(modelType, new All());
    }

    /** By {@code model_type}. */
    Map<String, LoraTargets> USUAL = Map.ofEntries(
            Map.entry("bert", parse("query,value")),
            Map.entry("roberta", parse("query,value")),
            Map.entry("xlm-roberta", parse("query,value")),
            Map.entry("camembert", parse("query,value")),
            Map.entry("electra", parse("query,value")),
            Map.entry("albert", parse("query,value")),
            Map.entry("distilbert", parse("q_lin,v_lin")),
            Map.entry("mpnet", parse("q,v")),
            Map.entry("deberta", parse("in_proj")),
            Map.entry("deberta-v2", parse("query_proj,value_proj")),
            Map.entry("modernbert", parse("Wqkv")),
            Map.entry("gpt2", parse("c_attn")),
            Map.entry("llama", parse("q_proj,v_proj")),
            Map.entry("qwen2", parse("q_proj,v_proj")),
            Map.entry("t5", parse("q,v")));
}

package dev.ortune.trainer.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The families, by {@code model_type} of config.json. */
public final class Architectures {
    private static final Map<String, Function<ConfigValues, Architecture>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("albert", Albert::of),
            Map.entry("bert", Bert::of),
            Map.entry("camembert", values -> Roberta.of("camembert", "Camembert", 30522, values)),
            Map.entry("deberta-v2", DebertaV2::of),
            Map.entry("distilbert", DistilBert::of),
            Map.entry("electra", Electra::of),
            Map.entry("gpt2", Gpt2::of),
            Map.entry("llama", Llama::llama),
            Map.entry("modernbert", ModernBert::of),
            Map.entry("mpnet", MpNet::of),
            Map.entry("qwen2", Llama::qwen2),
            Map.entry("roberta", values -> Roberta.of("roberta", "Roberta", 50265, values)),
            Map.entry("t5", T5::of),
            Map.entry("xlm-roberta", values -> Roberta.of("xlm-roberta", "XLMRoberta", 30522, values))));

    private Architectures() {}

    /**
     * The network that a config.json describes; absent keys take the defaults of transformers' configuration of the
     * family, and {@code model_type} is bert where it is missing.
     *
     * @throws OrtuneException that names the key when the family is not known or a value is impossible or not supported
     */
    public static Architecture of(JsonNode json) {
        String type = json.path("model_type").asText("bert");
        Function<ConfigValues, Architecture> family = ALL.get(type);
        if (family == null) {
            throw new OrtuneException("config.json: model_type \"" + Printable.of(type) + "\" is not supported; "
                    + String.join(", ", ALL.keySet()) + " are");
        }
        return family.apply(new ConfigValues(json));
    }
}

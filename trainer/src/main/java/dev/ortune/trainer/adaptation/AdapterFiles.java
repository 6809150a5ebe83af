package dev.ortune.trainer.adaptation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An adapter as peft keeps it: {@code adapter_config.json} and {@code adapter_model.safetensors} in a folder.
 *
 * @param lora what it is; targets and modules to save are said
 * @param base of which model it is, as the file says
 * @param taskType peft's name of the task, or an empty text
 * @param weights factors and weights that are trained whole, under the names of {@link Network#sessionParameters}
 */
public record AdapterFiles(LoraArguments lora, String base, String taskType, Weights weights) {
    public static final String CONFIG = "adapter_config.json";

    public static final String WEIGHTS = "adapter_model.safetensors";

    /** What stands before each weight's name. */
    private static final String PREFIX = "base_model.model.";

    /** Behind the name of a layer with an update, before that of a weight that the layer had without. */
    private static final String BASE_LAYER = ".base_layer.";

    /** Keys of peft's that change what an adapter means, in ways that are not known here. */
    private static final List<String> UNKNOWN = List.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "lora_bias",
            "rank_pattern",
            "alpha_pattern",
            "layers_to_transform",
            "layer_replication",
            "exclude_modules",
            "target_parameters",
            "trainable_token_indices",
            "alora_invocation_tokens",
            "megatron_config");

    /**
     * Reads the two files.
     *
     * @throws OrtuneException naming the file, when one is missing or broken, or is of an adapter of another kind
     */
    public static AdapterFiles read(Path folder) {
        Path file = folder.resolve(CONFIG);
        ObjectNode json = JsonFile.readObject(file);
        try {
            LoraArguments lora = lora(json, file);
            String base = json.path("base_model_name_or_path").asText("");
            Weights written = Safetensors.read(folder.resolve(WEIGHTS), name -> !isCopy(name));
            List<Tensor> tensors = written.all().stream()
                    .map(tensor -> new Tensor(ownName(tensor.name(), written.origin()), tensor.shape(), tensor.data()))
                    .toList();
            return new AdapterFiles(
                    lora, base, json.path("task_type").asText(""), new Weights(written.origin(), tensors));
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(file + ": " + e.getMessage(), e);
        }
    }

    private static LoraArguments lora(ObjectNode json, Path file) {
        if (!"LORA".equals(json.path("peft_type").asText())) {
            throw new OrtuneException(file + ": peft_type is "
                    + Printable.of(json.path("peft_type").asText("missing")) + "; only LORA is known");
        }
        for (String key : UNKNOWN) {
            JsonNode value = json.path(key);
            if (value.asBoolean() || value.isNumber() || value.isTextual() || !value.isEmpty()) {
                throw new OrtuneException(file + ": adapters with " + key + " are not known");
            }
        }
        JsonNode init = json.path("init_lora_weights");
        if (init.isTextual() && !init.asText().equals("gaussian")) {
            throw new OrtuneException(file + ": init_lora_weights " + Printable.of(init.asText())
                    + " changes the model's own weights; save the adapter with peft's"
                    + " path_initial_model_for_weight_conversion first");
        }
        return new LoraArguments(
                json.path("r").asInt(8),
                json.path("lora_alpha").asDouble(8),
                json.path("lora_dropout").asDouble(0),
                targets(json.path("target_modules"), file),
                bias(json.path("bias").asText("none"), file),
                json.path("use_rslora").asBoolean(false),
                texts(json.path("modules_to_save")));
    }

    private static LoraTargets targets(JsonNode json, Path file) {
        if (json.isTextual()) {
            return LoraTargets.parse(json.asText());
        }
        List<String> names = texts(json);
        if (names.isEmpty()) {
            throw new OrtuneException(file + ": has no target_modules");
        }
        return new LoraTargets.Names(names);
    }

    private static LoraArguments.Bias bias(String text, Path file) {
        return Arrays.stream(LoraArguments.Bias.values())
                .filter(bias -> bias.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new OrtuneException(
                        file + ": bias is " + Printable.of(text) + "; known are none, all and lora_only"));
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** With {@code bias: all} peft writes biases of modules that are trained whole three times. */
    private static boolean isCopy(String written) {
        return written.contains(".modules_to_save.") || written.contains(".original_module.");
    }

    private static String ownName(String written, String origin) {
        if (!written.startsWith(PREFIX)) {
            throw new OrtuneException(origin + ": tensor " + Printable.of(written) + " does not begin with " + PREFIX);
        }
        return written.substring(PREFIX.length()).replace(BASE_LAYER, ".");
    }

    /**
     * Writes the configuration.
     *
     * @param lora with targets and modules to save said
     * @param network which it adapts
     * @param base of which model it is
     */
    public static void writeConfig(Path folder, LoraArguments lora, Network network, String base) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.putNull("auto_mapping");
        json.put("base_model_name_or_path", base);
        json.put("bias", lora.bias().toString());
        json.put("fan_in_fan_out", network.architecture().modelType().equals("gpt2"));
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        if (lora.alpha() == Math.rint(lora.alpha())) {
            json.put("lora_alpha", (long) lora.alpha());
        } else {
            json.put("lora_alpha", lora.alpha());
        }
        json.put("lora_dropout", lora.dropout());
        lora.modulesToSave().forEach(json.putArray("modules_to_save")::add);
        json.put("peft_type", "LORA");
        json.put("r", lora.rank());
        if (lora.targets() instanceof LoraTargets.Regex regex) {
            json.put("target_modules", regex.toString());
        } else {
            targetNames(lora.targets(), network).forEach(json.putArray("target_modules")::add);
        }
        json.put("task_type", taskType(network.head().className()));
        json.put("use_dora", false);
        json.put("use_rslora", lora.rankStabilised());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        AtomicFile.write(folder.resolve(CONFIG), JsonFile.bytes(json));
    }

    /** All linear layers by their whole names, as peft writes them. */
    private static Collection<String> targetNames(LoraTargets targets, Network network) {
        return targets instanceof LoraTargets.Names names
                ? names.ends()
                : new TreeSet<>(network.adaptation().updates().keySet());
    }

    private static String taskType(String className) {
        return switch (className) {
            case "ForSequenceClassification" -> "SEQ_CLS";
            case "ForTokenClassification" -> "TOKEN_CLS";
            case "ForQuestionAnswering" -> "QUESTION_ANS";
            case "ForConditionalGeneration" -> "SEQ_2_SEQ_LM";
            case "LMHeadModel" -> "CAUSAL_LM";
            default -> null;
        };
    }

    /**
     * Writes both files.
     *
     * @param like folder of an adapter that differs in rank, alpha and weights alone
     */
    public void write(Path folder, Path like) {
        ObjectNode json = JsonFile.readObject(like.resolve(CONFIG));
        json.put("r", lora.rank()).put("lora_alpha", lora.rank()).put("use_rslora", false);
        AtomicFile.write(folder.resolve(CONFIG), JsonFile.bytes(json));
        Weights written = Safetensors.read(like.resolve(WEIGHTS), name -> !isCopy(name));
        List<Tensor> named = written.all().stream()
                .map(old -> {
                    Tensor tensor = weights.get(ownName(old.name(), written.origin()));
                    return new Tensor(old.name(), tensor.shape(), tensor.data());
                })
                .toList();
        Safetensors.write(folder.resolve(WEIGHTS), named, Map.of());
    }

    /** Writes a network's weights that are trained, in place of any before. */
    public static void writeWeights(Path file, Network network, Collection<Tensor> weights) {
        List<Tensor> named = weights.stream()
                .map(tensor -> new Tensor(writtenName(tensor.name(), network), tensor.shape(), tensor.data()))
                .toList();
        Safetensors.write(file, named, Map.of());
    }

    private static String writtenName(String name, Network network) {
        String layer = ModuleNames.of(name);
        return network.adaptation().update(layer).isPresent()
                ? PREFIX + layer + BASE_LAYER + name.substring(layer.length() + 1)
                : PREFIX + name;
    }
}

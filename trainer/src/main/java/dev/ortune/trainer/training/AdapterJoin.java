package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.adaptation.AdapterStacks;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.task.MultipleChoice;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Models that were trained by low-rank updates of one base as one folder, whose graph takes the number of an adapter for each row
 * of a batch: the base is there once, and rows of different adapters run together.
 *
 * @param base folder of the model that all began with
 * @param models their folders, each with an {@code adapter/}; their names are those of the folders
 * @param out the new folder
 */
public record AdapterJoin(Path base, List<Path> models, Path out) {
    /** Says which adapters there are. */
    public static final String FILE = "adapters.json";

    /** Writes the folder. */
    public void run() {
        if (Files.exists(out)) {
            throw new OrtuneException(out + ": exists already");
        }
        Map<String, Path> named = named();
        PretrainedModel model = PretrainedModel.load(base);
        Path first = models.get(0);
        ObjectNode config = JsonFile.readObject(first.resolve("config.json"));
        Task task = Tasks.ofModel(config).orElse(new TextClassification());
        if (task instanceof MultipleChoice) {
            throw new OrtuneException(first + ": adapters for choices cannot be joined");
        }
        List<AdapterFiles> adapters = new ArrayList<>();
        ArrayNode described = new ObjectMapper().createArrayNode();
        named.forEach((name, folder) -> {
            adapters.add(AdapterFiles.read(folder.resolve("adapter")));
            ObjectNode own = JsonFile.readObject(folder.resolve("config.json"));
            requireAlike(config, own, folder);
            described.addObject().put("name", name).set("config", own);
        });
        AdapterStacks stacks = new AdapterStacks(adapters);
        Network network = new Network(model.architecture(), task.head(labels(config), CrossEntropy.PLAIN));
        requireOutputsFirst(network, stacks);
        Graph graph = network.plain(stacks.joined());
        List<Tensor> stacked = stacks.tensors();
        Weights weights = model.withFreshHead(network, 0).weights().with(stacked);
        List<Tensor> taken = graph.inputs().keySet().stream()
                .filter(weights::contains)
                .map(weights::get)
                .toList();
        requireTrained(model, stacked, network, taken);
        try (StagedFolder staged = StagedFolder.of(out, "joining")) {
            staged.clear();
            ModelFolder folder = new ModelFolder(staged.folder());
            copyTokenizer(first, staged.folder());
            AtomicFile.write(staged.folder().resolve("config.json"), JsonFile.bytes(config));
            OnnxFile.write(graph, staged.folder().resolve("graph.onnx"));
            Safetensors.write(folder.weights(), taken, Map.of());
            ObjectNode json = new ObjectMapper().createObjectNode();
            json.set("adapters", described);
            AtomicFile.write(staged.folder().resolve(FILE), JsonFile.bytes(json));
            staged.publish();
        } catch (IOException e) {
            throw new OrtuneException(out + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    /** Fails where a model has none. */
    public static void requireAdapter(Path model) {
        if (!Files.exists(model.resolve("adapter").resolve(AdapterFiles.CONFIG))) {
            throw new OrtuneException(model + ": has no adapter/; \"ortune train --lora\" makes such models");
        }
    }

    private Map<String, Path> named() {
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path model : models) {
            requireAdapter(model);
            String name = model.toAbsolutePath().normalize().getFileName().toString();
            if (named.put(name, model) != null) {
                throw new OrtuneException("Two models are called " + name + "; each is served by its folder's name");
            }
        }
        return named;
    }

    private static int labels(ObjectNode config) {
        return Math.max(1, config.path("id2label").size());
    }

    private static void requireAlike(ObjectNode config, ObjectNode own, Path folder) {
        for (String key : List.of("architectures", "problem_type")) {
            if (!config.path(key).equals(own.path(key))) {
                throw new OrtuneException(folder + ": its " + key + " is " + own.path(key) + " and that of the first "
                        + config.path(key) + "; adapters that are joined are of one task");
            }
        }
        if (labels(config) != labels(own)) {
            throw new OrtuneException(folder + ": has " + labels(own) + " labels and the first " + labels(config)
                    + "; adapters that are joined have as many");
        }
    }

    private static void requireOutputsFirst(Network network, AdapterStacks stacks) {
        for (Parameter parameter : network.parameters()) {
            if (parameter.role() == Role.INPUTS_FIRST
                    && stacks.joined().whole().contains(LowRankUpdate.layer(parameter))) {
                throw new OrtuneException("Adapters that have trained " + parameter.name() + " whole cannot be joined");
            }
        }
    }

    /** Nothing in the graph may be a weight that was made up just now. */
    private void requireTrained(PretrainedModel model, List<Tensor> stacked, Network network, List<Tensor> taken) {
        Set<String> known = new HashSet<>();
        model.weights().all().forEach(tensor -> known.add(tensor.name()));
        stacked.forEach(tensor -> known.add(tensor.name()));
        for (Tensor tensor : taken) {
            if (!known.contains(tensor.name())) {
                throw new OrtuneException(base + ": has no " + tensor.name()
                        + ", and neither have the adapters; is it what " + network.className() + " began with?");
            }
        }
    }

    private static void copyTokenizer(Path from, Path to) throws IOException {
        for (String name : TokenizerFiles.ALL) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
    }
}

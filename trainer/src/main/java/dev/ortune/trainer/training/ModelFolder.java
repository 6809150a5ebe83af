package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.adaptation.Adapter;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.task.Scoring;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.head.CausalLanguageModelHead;
import dev.ortune.trainer.text.TokenizerFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The files of one fine-tuned model that the trainer writes.
 *
 * @param folder where they go
 */
record ModelFolder(Path folder) {
    /** The four artifacts and where the run stands. */
    Path training() {
        return folder.resolve("training");
    }

    /** Hyper-parameters, data and versions. */
    Path arguments() {
        return folder.resolve("training_args.json");
    }

    Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    /** The best weights so far. */
    Path weights() {
        return folder.resolve("model.safetensors");
    }

    /** Where an adapter's two files are. */
    Path adapter() {
        return folder.resolve("adapter");
    }

    /** The best weights of a run that trains low-rank updates: those that it trains. */
    Path adapterWeights() {
        return adapter().resolve(AdapterFiles.WEIGHTS);
    }

    /** What the model says of the {@code validation} or the {@code test} set. */
    Path predictions(String set, Scoring scoring) {
        return folder.resolve("predictions_" + set + scoring.fileEnding());
    }

    /** What does not change during training: configuration, tokenizer, graph and hyper-parameters. */
    void writeDescription(
            PretrainedModel model,
            Network network,
            Task task,
            Labels labels,
            BatchArguments batches,
            ObjectNode arguments) {
        writeArguments(arguments);
        write("config.json", ClassifierConfig.of(model, network, labels, task));
        TokenizerFiles.copy(
                model.folder(), folder, batches.maxLength(), task.examples().form(), batches.truncation());
        writeGraph(network);
    }

    /** The same of a model that was pre-trained, which has no labels. */
    void writeDescription(PretrainedModel model, Network network, int maxLength, ObjectNode arguments) {
        writeArguments(arguments);
        write("config.json", ClassifierConfig.of(model, network));
        TokenizerFiles.copy(model.folder(), folder, maxLength);
        writeGraph(network);
    }

    private void writeGraph(Network network) {
        Graph graph = network.plain();
        TokenizerFiles.nameInputs(folder, graph.inputs().keySet());
        OnnxFile.write(graph, folder.resolve("graph.onnx"));
        if (network.head() instanceof CausalLanguageModelHead) {
            OnnxFile.write(network.withPast(), folder.resolve("graph_with_past.onnx"));
        }
        for (Graph writer : network.architecture().writers()) {
            OnnxFile.write(writer, folder.resolve(writer.name() + "_graph.onnx"));
        }
    }

    /** Adds to config.json what a task chose once its model was trained. */
    void describe(Task task, Labels labels) {
        ObjectNode config = JsonFile.readObject(folder.resolve("config.json"));
        ObjectNode before = config.deepCopy();
        task.describe(config, labels);
        if (!config.equals(before)) {
            write("config.json", config);
        }
    }

    /** Hyper-parameters and all else that describes the run. */
    void writeArguments(ObjectNode arguments) {
        AtomicFile.write(arguments(), JsonFile.bytes(arguments));
    }

    /** Removes what a process that was killed had begun to write. */
    void removeTemporaries() {
        try {
            for (Path path : FolderTree.contents(folder)) {
                String name = path.getFileName().toString();
                if (Files.isRegularFile(path) && name.startsWith(".") && name.endsWith(".tmp")) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be tidied (" + e.getMessage() + ")", e);
        }
    }

    /** How many examples of each set have how many tokens, special ones and those that were cut off included. */
    void writeTokenLengths(EncodedSets sets) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        sets.byRole().forEach((role, set) -> {
            ObjectNode counts = json.putObject(role);
            set.encodings().stream()
                    .collect(Collectors.groupingBy(
                            encoding -> encoding.length() + encoding.truncated(), TreeMap::new, Collectors.counting()))
                    .forEach((length, count) -> counts.put(String.valueOf(length), count));
        });
        write("token_lengths.json", json);
    }

    /**
     * The best weights, in place of any before: all of them, or of a network with updates those that are trained.
     *
     * @param weights all of {@link Network#sessionParameters}
     */
    void writeBest(Network network, Weights weights) {
        if (network.adaptation().updates().isEmpty()) {
            Safetensors.write(weights(), weights.all(), Map.of());
        } else {
            AdapterFiles.writeWeights(adapterWeights(), network, Adapter.of(network, weights));
        }
    }

    /**
     * Adds the best updates to the weights that the run began with, where it trained updates.
     *
     * @param start all of {@link Network#sessionParameters}
     */
    void mergeAdapter(Network network, Weights start) {
        if (!network.adaptation().updates().isEmpty()) {
            Weights best = start.with(AdapterFiles.read(adapter()).weights().all());
            Safetensors.write(weights(), Adapter.merged(network, best).all(), Map.of());
        }
    }

    /**
     * Where the run stands, beside the artifacts. The checkpoint's word embedding holds only the rows of the token ids
     * that the run met: {@code token_ids} names them in the order of the rows.
     */
    void writeState(TrainingResult result, VocabularySubset vocabulary) {
        ObjectNode state = new ObjectMapper().createObjectNode();
        state.put("global_step", result.steps()).put("epoch", result.epoch());
        result.evaluations().stream()
                .filter(EvaluationRecord::best)
                .reduce((earlier, later) -> later)
                .ifPresent(best -> state.put("best_step", best.step()));
        Arrays.stream(vocabulary.ids()).forEach(state.putArray("token_ids")::add);
        AtomicFile.write(
                training().resolve("trainer_state.json"), state.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, ObjectNode json) {
        AtomicFile.write(folder.resolve(name), JsonFile.bytes(json));
    }
}

package dev.ortune.trainer.training;

import ai.onnxruntime.OrtEnvironment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import dev.ortune.trainer.Version;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.adaptation.LoraArguments;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.report.Hardware;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.runtime.NativeLibraries;
import dev.ortune.trainer.task.FreeText;
import dev.ortune.trainer.task.MultiLabel;
import dev.ortune.trainer.task.NoAnswer;
import dev.ortune.trainer.task.QuestionAnswering;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.task.TextToText;
import dev.ortune.trainer.task.TokenClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code training_args.json}: all that somebody needs to know to repeat a run. */
final class TrainingArgumentsFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String COMMAND = "command";

    private static final String ON_NAN = "on_nan";

    /**
     * What may differ when a run goes on: how it is watched, what is to happen at a loss that is no number (up to such a
     * step that makes no difference), and on what it runs as far as that changes no result.
     */
    private static final List<String> FREE = List.of(
            "/" + COMMAND,
            "/pretrained_source",
            "/" + ON_NAN,
            "/versions/java",
            "/hardware/cpu",
            "/hardware/cores",
            "/hardware/threads",
            "/hardware/os",
            "/hardware/gpu");

    private TrainingArgumentsFile() {}

    /** The options with which a run began. */
    static List<String> command(ModelFolder run) {
        List<String> command = new ArrayList<>();
        JsonFile.readObject(run.arguments()).path(COMMAND).forEach(option -> command.add(option.asText()));
        return command;
    }

    /**
     * Fails when a run would not go on as it began.
     *
     * @param began the file of the run that was interrupted
     * @param now what the file would hold of the one that is to go on
     */
    static void requireSame(Path began, ObjectNode now) {
        Map<String, JsonNode> before = leaves(JsonFile.readObject(began));
        Map<String, JsonNode> after = leaves(now);
        Set<String> all = new LinkedHashSet<>(before.keySet());
        all.addAll(after.keySet());
        for (String key : all) {
            String was = String.valueOf(before.get(key));
            String is = String.valueOf(after.get(key));
            if (!was.equals(is) && FREE.stream().noneMatch(key::startsWith)) {
                throw new OrtuneException(began + ": the interrupted run cannot go on, as " + key.substring(1) + " was "
                        + was + " and is now " + is + "; --overwrite without --resume begins anew");
            }
        }
    }

    private static Map<String, JsonNode> leaves(JsonNode json) {
        Map<String, JsonNode> leaves = new LinkedHashMap<>();
        collect("", json, leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode json, Map<String, JsonNode> leaves) {
        if (json.isObject()) {
            json.properties().forEach(field -> collect(path + "/" + field.getKey(), field.getValue(), leaves));
        } else {
            leaves.put(path, json);
        }
    }

    /**
     * @param adaptation with all said that depends on the network
     * @param network what is trained
     * @param sha256 of the pretrained weights
     */
    static ObjectNode of(
            FineTuning run,
            AdaptationArguments adaptation,
            Network network,
            PretrainedModel model,
            String sha256,
            EncodedSets sets) {
        ObjectNode json = JSON.createObjectNode();
        json.put("pretrained", run.pretrained().toString());
        json.put("pretrained_weights", weights(run.pretrained(), model));
        json.put("pretrained_sha256", sha256);
        source(json, model.folder());
        json.set("data", data(run.data(), sets));
        task(json, sets.task());
        arguments(json, run.arguments());
        objective(json, run.arguments().objective());
        adaptation(json, adaptation, network);
        common(json, sets.metric(run.arguments().evaluation().metric()), run.run(), run.arguments());
        return json;
    }

    /** @param sha256 of the pretrained weights; null where there are none */
    static ObjectNode of(Pretraining run, PretrainedModel model, String sha256, PretrainingSets sets) {
        ObjectNode json = JSON.createObjectNode();
        if (run.start().pretrained() == null) {
            json.put("config", run.start().config().toString());
            json.put("config_sha256", sha256(run.start().config()));
            json.put("tokenizer", run.start().tokenizer().toString());
        } else {
            json.put("pretrained", run.start().pretrained().toString());
            json.put("pretrained_weights", weights(run.start().pretrained(), model));
            json.put("pretrained_sha256", sha256);
        }
        source(json, model.folder());
        json.set("data", data(run.data(), sets));
        json.put("task", run.objective().task());
        json.put("objective", run.objective().toString());
        if (run.objective().kind() != PretrainingObjective.Kind.CLM) {
            json.put("mlm_probability", run.objective().probability())
                    .put("whole_word_mask", run.objective().wholeWords());
        }
        arguments(json, run.arguments());
        common(json, Metric.PERPLEXITY, run.run(), run.arguments());
        return json;
    }

    private static void common(ObjectNode json, Metric metric, RunArguments run, TrainingArguments arguments) {
        json.put("metric_for_best_model", metric.toString());
        json.put(ON_NAN, run.onNan().toString());
        run.command().forEach(json.putArray(COMMAND)::add);
        json.set("versions", versions());
        json.set("hardware", hardware(arguments));
    }

    private static ObjectNode data(CorpusArguments arguments, PretrainingSets sets) {
        ObjectNode json = JSON.createObjectNode();
        json.set("train", set(arguments.train(), sets.train().size()));
        if (sets.validation() != null) {
            json.set(
                    "validation",
                    set(
                            arguments.validation().isEmpty() ? arguments.train() : arguments.validation(),
                            sets.validation().size()));
        }
        json.put("text_column", arguments.column()).put("line_by_line", arguments.lineByLine());
        if (arguments.validation().isEmpty()) {
            json.put("validation_split", arguments.split());
        }
        return json;
    }

    private static ObjectNode set(List<Path> files, int examples) {
        ObjectNode json = JSON.createObjectNode();
        if (files.size() == 1) {
            return json.put("file", files.get(0).toString())
                    .put("examples", examples)
                    .put("sha256", sha256(files.get(0)));
        }
        ArrayNode names = json.putArray("file");
        json.put("examples", examples);
        ArrayNode sums = json.putArray("sha256");
        for (Path file : files) {
            names.add(file.toString());
            sums.add(sha256(file));
        }
        return json;
    }

    /** The file of weights; of an archive, which is unpacked elsewhere each time, the file in it. */
    private static String weights(Path pretrained, PretrainedModel model) {
        Path inside = model.folder().relativize(Path.of(model.weights().origin()));
        return pretrained.resolve(inside).toString();
    }

    /** Where the pretrained model is from, if what brought it wrote that down. */
    private static void source(ObjectNode json, Path pretrained) {
        Path file = pretrained.resolve("source.json");
        if (Files.exists(file)) {
            json.set("pretrained_source", JsonFile.readObject(file));
        }
    }

    /** Nothing for text classification, which was the only task once. */
    private static void task(ObjectNode json, Task task) {
        if (!(task instanceof TextClassification)) {
            json.put("task", task.name());
        }
        if (task instanceof TokenClassification tokens) {
            json.put("label_all_tokens", tokens.labelAllTokens());
        }
        if (task instanceof QuestionAnswering questions) {
            json.put("doc_stride", questions.stride())
                    .put("max_answer_length", questions.maxAnswerLength())
                    .put("version_2_with_negative", questions.noAnswer() == NoAnswer.POSSIBLE);
        }
        if (task instanceof TextToText written) {
            json.put("prefix", written.prefix().first())
                    .put("pair_prefix", written.prefix().second());
        }
        if (task instanceof FreeText written) {
            json.put("prefix", written.prefix().first())
                    .put("pair_prefix", written.prefix().second())
                    .put("max_target_length", written.maxTargetLength());
        }
        if (task instanceof MultiLabel labels) {
            json.put("positive_weights", labels.positiveWeights().toString());
        }
    }

    /** The keys are those of transformers' TrainingArguments where it has the argument. */
    private static void arguments(ObjectNode json, TrainingArguments arguments) {
        json.put("num_train_epochs", arguments.schedule().epochs())
                .put("per_device_train_batch_size", arguments.batches().size())
                .put("gradient_accumulation_steps", arguments.batches().accumulation())
                .put("learning_rate", arguments.schedule().learningRate())
                .put("lr_scheduler_type", arguments.schedule().kind().toString())
                .put("warmup_ratio", arguments.schedule().warmupRatio());
        if (arguments.schedule().maxSteps() > 0) {
            json.put("max_steps", arguments.schedule().maxSteps());
        }
        optimizer(json, arguments.optimizer());
        json.put("seed", arguments.seed())
                .put("precision", arguments.execution().precision().toString())
                .put("max_length", arguments.batches().maxLength())
                .put("pad_to_max", arguments.batches().padToMax())
                .put("group_by_length", arguments.batches().groupByLength())
                .put("eval_steps", arguments.evaluation().steps())
                .put("early_stopping_patience", arguments.evaluation().earlyStopping());
        if (arguments.batches().truncation() != null) {
            json.put("truncation", arguments.batches().truncation().toString());
        }
    }

    private static void objective(ObjectNode json, Objective objective) {
        json.put("label_smoothing_factor", objective.labelSmoothing())
                .put("class_weights", objective.classWeights().toString());
    }

    /** Nothing where all weights are trained at one rate. */
    private static void adaptation(ObjectNode json, AdaptationArguments adaptation, Network network) {
        if (!network.adaptation().equals(Adaptation.NONE)) {
            json.put("trainable_parameters", network.trainedElements());
        }
        if (adaptation.lora() != null && adaptation.adapter() == null) {
            LoraArguments lora = adaptation.lora();
            json.put("lora", true)
                    .put("lora_rank", lora.rank())
                    .put("lora_alpha", lora.alpha())
                    .put("lora_dropout", lora.dropout())
                    .put("lora_targets", lora.targets().toString())
                    .put("lora_bias", lora.bias().toString())
                    .put("use_rslora", lora.rankStabilised());
            lora.modulesToSave().forEach(json.putArray("modules_to_save")::add);
        }
        if (adaptation.adapter() != null) {
            Path weights = adaptation.adapter().resolve(AdapterFiles.WEIGHTS);
            json.put("adapter", adaptation.adapter().toString()).put("adapter_sha256", sha256(weights));
        }
        if (!adaptation.freeze().isEmpty()) {
            adaptation.freeze().forEach(json.putArray("freeze")::add);
        }
        if (adaptation.layerDecay() != 1) {
            json.put("layer_lr_decay", adaptation.layerDecay());
        }
        if (adaptation.headLearningRate() > 0) {
            json.put("head_learning_rate", adaptation.headLearningRate());
        }
    }

    private static void optimizer(ObjectNode json, Optimizer optimizer) {
        json.put("optim", optimizer.kind().toString())
                .put("adam_beta1", optimizer.beta1())
                .put("adam_beta2", optimizer.beta2())
                .put("adam_epsilon", optimizer.epsilon())
                .put("weight_decay", optimizer.weightDecay())
                .put("max_grad_norm", optimizer.maxGradNorm());
    }

    private static ObjectNode data(DataArguments arguments, EncodedSets sets) {
        ObjectNode json = JSON.createObjectNode();
        json.set("train", set(arguments.train(), sets.train()));
        if (sets.validation() != null) {
            String spec = arguments.validation() == null ? arguments.train() : arguments.validation();
            json.set("validation", set(spec, sets.validation()));
        }
        if (sets.test() != null) {
            json.set("test", set(arguments.test(), sets.test()));
        }
        json.put("text_column", arguments.columns().textColumn())
                .put("pair_column", arguments.columns().pairColumn())
                .put("label_column", arguments.columns().labelColumn());
        if (arguments.columns().delimiter() != null) {
            json.put("delimiter", arguments.columns().delimiter().toString());
        }
        if (arguments.columns().skipsBrokenRows()) {
            json.put("skip_broken_rows", true);
        }
        if (arguments.columns().quoting()) {
            json.put("quoting", true);
        }
        if (!arguments.columns().labelSets().columns().isEmpty()) {
            arguments.columns().labelSets().columns().forEach(json.putArray("label_columns")::add);
        }
        if (arguments.columns().labelSets().separator() != null) {
            json.put("label_separator", arguments.columns().labelSets().separator());
        }
        if (arguments.labels() != null) {
            arguments.labels().names().forEach(json.putArray("label_names")::add);
        }
        if (arguments.validation() == null) {
            json.put("validation_split", arguments.split().share())
                    .put("split_seed", arguments.split().seed());
        } else if (arguments.limit() > 0) {
            json.put("split_seed", arguments.split().seed());
        }
        return json.put("limit", arguments.limit());
    }

    private static ObjectNode set(String spec, EncodedDataset set) {
        ObjectNode json = JSON.createObjectNode()
                .put("file", spec)
                .put("examples", set.dataset().size());
        return Datasets.isBuiltin(spec) ? json : json.put("sha256", sha256(Path.of(spec)));
    }

    private static ObjectNode versions() {
        NativeLibraries.load();
        return JSON.createObjectNode()
                .put("ortune", Version.ortune())
                .put("onnxruntime", OrtEnvironment.getEnvironment().getVersion())
                .put("java", Version.java());
    }

    private static ObjectNode hardware(TrainingArguments arguments) {
        Hardware hardware = arguments.execution().hardware();
        return JSON.createObjectNode()
                .put("device", arguments.execution().device().toString())
                .put("gpu", arguments.execution().gpu())
                .put("cpu", hardware.cpu())
                .put("cores", hardware.cores())
                .put("threads", new SessionSettings(arguments.threads(), arguments.seed()).actualThreads())
                .put("os", hardware.os());
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}

package dev.ortune.trainer.training;

import ai.onnxruntime.OrtEnvironment;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Version;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.report.Hardware;
import dev.ortune.trainer.runtime.NativeLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** {@code training_args.json}: all that somebody needs to know to repeat a run. */
final class TrainingArgumentsFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TrainingArgumentsFile() {}

    static ObjectNode of(FineTuning run, PretrainedModel model, EncodedSets sets) {
        ObjectNode json = JSON.createObjectNode();
        json.put("pretrained", run.pretrained().toString());
        json.put("pretrained_weights", model.weights().origin());
        json.set("data", data(run.data(), sets));
        arguments(json, run.arguments());
        json.set("versions", versions());
        json.set("hardware", hardware(run.arguments()));
        return json;
    }

    /** The keys are those of transformers' TrainingArguments where it has the argument. */
    private static void arguments(ObjectNode json, TrainingArguments arguments) {
        json.put("num_train_epochs", arguments.epochs())
                .put("per_device_train_batch_size", arguments.batchSize())
                .put("gradient_accumulation_steps", arguments.gradientAccumulationSteps())
                .put("learning_rate", arguments.learningRate())
                .put("lr_scheduler_type", arguments.schedule().toString())
                .put("warmup_ratio", arguments.warmupRatio());
        optimizer(json, arguments.optimizer());
        json.put("label_smoothing_factor", arguments.objective().labelSmoothing())
                .put("class_weights", arguments.objective().classWeights().toString())
                .put("seed", arguments.seed())
                .put("precision", arguments.execution().precision().toString())
                .put("max_length", arguments.maxLength())
                .put("pad_to_max", arguments.padToMax())
                .put("group_by_length", arguments.groupByLength())
                .put("eval_steps", arguments.evalSteps())
                .put("early_stopping_patience", arguments.earlyStopping())
                .put("metric_for_best_model", arguments.metric().toString());
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
        if (arguments.labels() != null) {
            arguments.labels().names().forEach(json.putArray("label_names")::add);
        }
        if (arguments.validation() == null) {
            json.put("validation_split", arguments.validationSplit()).put("split_seed", arguments.splitSeed());
        }
        return json.put("limit", arguments.limit());
    }

    private static ObjectNode set(String spec, EncodedDataset set) {
        ObjectNode json = JSON.createObjectNode().put("file", spec).put("examples", set.size());
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
        try (InputStream stream = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

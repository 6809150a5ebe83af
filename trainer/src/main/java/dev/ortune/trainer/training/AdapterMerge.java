package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import dev.ortune.trainer.StagedFolder;
import dev.ortune.trainer.Version;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.adaptation.Adapter;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.task.QuestionAnswering;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.task.TokenClassification;
import dev.ortune.trainer.task.head.CrossEntropy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model out of another one and an adapter, whoever trained it: a folder like those of trained models, which can be exported and
 * served.
 *
 * @param base folder of the model that the adapter is of
 * @param adapter its folder
 * @param labels names of the labels; null for those that the base's config.json has, or numbers
 * @param maxLength tokens of a text
 * @param out the new folder
 */
public record AdapterMerge(Path base, Path adapter, Labels labels, int maxLength, Path out) {
    /** Writes the folder. */
    public void run() {
        if (Files.exists(out)) {
            throw new OrtuneException(out + ": exists already");
        }
        PretrainedModel model = PretrainedModel.load(base);
        AdapterFiles files = AdapterFiles.read(adapter);
        Task task = Tasks.ofModel(model.configJson()).orElseGet(() -> task(files));
        String lastLayer = task.head(1, CrossEntropy.PLAIN).lastLayer(model.architecture()) + ".weight";
        int rows = (int) (files.weights().contains(lastLayer) ? files.weights() : model.weights())
                .get(lastLayer)
                .shape()[0];
        Network whole = new Network(model.architecture(), task.head(rows, CrossEntropy.PLAIN));
        AdaptationArguments arguments = new AdaptationArguments(files.lora(), adapter, List.of(), 1, 0);
        Network network = whole.adapted(arguments.of(whole, 1));
        FreshHead weights = Adapter.start(network, model.withFreshHead(whole, 0), arguments, 0);
        if (!weights.initialised().isEmpty()) {
            throw new OrtuneException(
                    adapter + ": neither it nor " + base + " has " + String.join(", ", weights.initialised()));
        }
        try (StagedFolder staged = StagedFolder.of(out, "merging")) {
            staged.clear();
            ModelFolder folder = new ModelFolder(staged.folder());
            BatchArguments batches = new BatchArguments(1, 1, maxLength, false, false);
            folder.writeDescription(model, whole, task, names(model, task, rows), batches, described(files));
            folder.writeBest(whole, Adapter.merged(network, weights.weights()));
            staged.publish();
        } catch (IOException e) {
            throw new OrtuneException(out + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    /** By the last layer that the adapter saves, since peft's {@code task_type} may be missing. */
    private static Task task(AdapterFiles files) {
        boolean answers = files.lora().modulesToSave().contains("qa_outputs");
        return switch (files.taskType()) {
            case "TOKEN_CLS" -> new TokenClassification(false);
            case "QUESTION_ANS" -> new QuestionAnswering();
            default -> answers ? new QuestionAnswering() : new TextClassification();
        };
    }

    private Labels names(PretrainedModel model, Task task, int rows) {
        if (!task.hasLabels()) {
            return Labels.NONE;
        }
        if (labels == null) {
            boolean said = model.configJson().path("id2label").size() == rows;
            return said
                    ? ClassifierConfig.labels(base.resolve("config.json"), model.configJson(), rows)
                    : Labels.numbered(rows);
        }
        if (labels.count() != rows) {
            throw new OrtuneException(
                    "--label-names has " + labels.count() + " names; the adapter has " + rows + " labels");
        }
        return labels;
    }

    private ObjectNode described(AdapterFiles files) throws IOException {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("pretrained", base.toString())
                .put("adapter", adapter.toString())
                .put("adapter_sha256", Sha256.of(adapter.resolve(AdapterFiles.WEIGHTS)))
                .put("lora_rank", files.lora().rank())
                .put("max_length", maxLength);
        json.putObject("versions").put("ortune", Version.ortune());
        return json;
    }
}

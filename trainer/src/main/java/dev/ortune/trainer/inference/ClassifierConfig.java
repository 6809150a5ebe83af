package dev.ortune.trainer.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.text.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What a classifier's config.json says beyond the encoder's shape: its labels. */
public final class ClassifierConfig {
    private ClassifierConfig() {}

    /** The config.json of a model without labels that was trained from {@code pretrained}; transformers loads it as it is. */
    public static ObjectNode of(PretrainedModel pretrained, Network network) {
        ObjectNode json = pretrained.configJson().deepCopy();
        json.putArray("architectures").add(network.className());
        json.put("model_type", network.architecture().modelType());
        json.remove("problem_type");
        network.head().problemType().ifPresent(type -> json.put("problem_type", type));
        json.put("torch_dtype", "float32");
        if (json.has("dtype")) {
            json.put("dtype", "float32");
        }
        json.remove(List.of("id2label", "label2id", "num_labels", "_name_or_path"));
        // transformers' classes that look for a text's last token refuse batches without it.
        if (network.architecture().rowsOfTexts() == Rows.LAST
                && !json.path("pad_token_id").isInt()) {
            TokenizerFiles.padId(pretrained.folder()).ifPresent(id -> json.put("pad_token_id", id));
        }
        return json;
    }

    /** Likewise that of a classifier. */
    public static ObjectNode of(PretrainedModel pretrained, Network network, Labels labels, Task task) {
        ObjectNode json = of(pretrained, network);
        if (task.hasLabels()) {
            ObjectNode names = json.putObject("id2label");
            ObjectNode ids = json.putObject("label2id");
            for (int id = 0; id < labels.count(); id++) {
                names.put(String.valueOf(id), labels.names().get(id));
                ids.put(labels.names().get(id), id);
            }
        }
        task.describe(json, labels);
        return json;
    }

    /**
     * The labels that {@code id2label} names; LABEL_0, LABEL_1, … without it, as transformers has it.
     *
     * @param file config.json, for messages
     * @param count rows of the classification head
     * @throws OrtuneException when the names are not one for each row of the head, or two are the same
     */
    public static Labels labels(Path file, ObjectNode config, int count) {
        JsonNode names = config.path("id2label");
        if (names.isMissingNode()) {
            return Labels.numbered(count);
        }
        if (!names.isObject() || names.size() != count) {
            throw new OrtuneException(
                    file + ": id2label must name " + count + " labels, one for each row of classifier.weight");
        }
        List<String> result = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            JsonNode name = names.path(String.valueOf(id));
            if (!name.isTextual()) {
                throw new OrtuneException(file + ": id2label has no name for label " + id);
            }
            if (!Printable.isPlain(name.textValue())) {
                throw new OrtuneException(
                        file + ": id2label has control characters in " + Printable.of(name.textValue()));
            }
            result.add(name.textValue());
        }
        if (new HashSet<>(result).size() != count) {
            throw new OrtuneException(file + ": id2label gives two labels the same name");
        }
        return new Labels(result);
    }
}

package dev.ortune.trainer.training;

import dev.ortune.trainer.pretrained.PretrainedModel;
import java.nio.file.Path;

/**
 * What pre-training begins with: a model, or a configuration of which all weights are drawn.
 *
 * @param pretrained folder of the model; null to begin from scratch
 * @param config a config.json; null where there is a model
 * @param tokenizer a folder that has a tokenizer; null where there is a model
 */
public record PretrainingStart(Path pretrained, Path config, Path tokenizer) {
    PretrainedModel load() {
        return pretrained == null ? PretrainedModel.fresh(config, tokenizer) : PretrainedModel.load(pretrained);
    }

    /** For people. */
    @Override
    public String toString() {
        return pretrained == null ? config + " (new weights)" : pretrained.toString();
    }
}

package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.LowRankUpdate;
import java.util.List;
import java.util.Locale;

/**
 * Low-rank updates in place of weights, in the terms of peft's {@code LoraConfig}.
 *
 * @param rank {@code r}
 * @param alpha {@code lora_alpha}: updates are scaled by alpha / rank
 * @param dropout {@code lora_dropout}
 * @param targets {@code target_modules}; null for a family's usual ones
 * @param bias which biases are trained as well
 * @param rankStabilised {@code use_rslora}: scaled by alpha / sqrt(rank) instead (arXiv:2312.03732)
 * @param modulesToSave {@code modules_to_save}: the ends of the names of modules that are trained whole; null for the last layer
 *     and all that begins with new weights
 */
public record LoraArguments(
        int rank,
        double alpha,
        double dropout,
        LoraTargets targets,
        Bias bias,
        boolean rankStabilised,
        List<String> modulesToSave) {
    /** Which biases are trained. */
    public enum Bias {
        NONE,
        /** Every bias of the model. */
        ALL,
        /** Those of the layers with an update. */
        LORA_ONLY;

        /** As peft writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LoraArguments {
        if (rank < 1) {
            throw new OrtuneException("--lora-rank must be at least 1, not " + rank);
        }
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new OrtuneException("--lora-alpha must be more than 0, not " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new OrtuneException("--lora-dropout must be from 0 to below 1, not " + dropout);
        }
        modulesToSave = modulesToSave == null ? null : List.copyOf(modulesToSave);
    }

    LowRankUpdate update() {
        return new LowRankUpdate(rank, alpha / (rankStabilised ? Math.sqrt(rank) : rank), dropout);
    }

    LoraArguments with(LoraTargets newTargets, List<String> newModulesToSave) {
        return new LoraArguments(rank, alpha, dropout, newTargets, bias, rankStabilised, newModulesToSave);
    }
}

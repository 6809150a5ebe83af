package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.adaptation.LoraArguments;
import dev.ortune.trainer.adaptation.LoraArguments.Bias;
import dev.ortune.trainer.adaptation.LoraTargets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which weights are trained, and how fast. Every default of them is here. */
final class AdaptationOptions {
    private static final int RANK = 8;
    private static final double ALPHA = 8;
    private static final String LORA = "--lora";

    @Option(
            names = LORA,
            description = "Train low-rank updates (LoRA) of layers and the head, and leave the rest as it is.")
    private boolean lora;

    @Option(names = "--lora-rank", paramLabel = "N", description = "Rank of the updates (default: " + RANK + ").")
    private Integer rank;

    @Option(
            names = "--lora-alpha",
            paramLabel = "X",
            description = "Updates are scaled by it over the rank (default: " + (int) ALPHA + ").")
    private Double alpha;

    @Option(names = "--lora-dropout", paramLabel = "X", description = "Dropout of what the updates read (default: 0).")
    private Double dropout;

    @Option(
            names = "--lora-targets",
            paramLabel = "LAYERS",
            description = "Layers with updates: the ends of their names, all-linear, or a regular expression for whole"
                    + " names (default: a family's usual ones, such as query,value).")
    private String targets;

    @Option(
            names = "--lora-bias",
            paramLabel = "WHICH",
            description = "Biases that are trained as well: none, all, or lora_only for those of layers with updates"
                    + " (default: none).")
    private Bias bias;

    @Option(names = "--use-rslora", description = "Scale updates by alpha over the root of the rank.")
    private boolean rankStabilised;

    @Option(
            names = "--modules-to-save",
            paramLabel = "NAMES",
            split = ",",
            description = "Modules that are trained whole beside the updates (default: the last layer, and what begins"
                    + " with new weights).")
    private List<String> modulesToSave;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Go on training this adapter, of Ortune's or peft's.")
    private Path adapter;

    @Option(
            names = "--freeze",
            paramLabel = "NAMES",
            split = ",",
            description = "Weights that stay as they are, by parts of their names, such as embeddings or"
                    + " encoder.layer.0-7.")
    private List<String> freeze = List.of();

    @Option(
            names = "--layer-lr-decay",
            paramLabel = "X",
            description = "A layer learns X times as fast as the one above it, embeddings slowest (default: 1).")
    private double layerDecay = 1;

    @Option(
            names = "--head-lr",
            paramLabel = "X",
            description = "Highest learning rate of the task's head (default: that of the rest).")
    private Double headLearningRate;

    /** Whether low-rank updates are trained. */
    boolean trainsUpdates() {
        return lora || adapter != null;
    }

    AdaptationArguments arguments() {
        if (headLearningRate != null && !(headLearningRate > 0)) {
            throw new OrtuneException("--head-lr must be more than 0, not " + headLearningRate);
        }
        return new AdaptationArguments(
                updates(), adapter, freeze, layerDecay, headLearningRate == null ? 0 : headLearningRate);
    }

    private LoraArguments updates() {
        boolean described = rank != null
                || alpha != null
                || dropout != null
                || targets != null
                || bias != null
                || rankStabilised
                || modulesToSave != null;
        if (adapter != null) {
            if (described) {
                throw new OrtuneException(
                        "--adapter goes on with the adapter as it is; its rank, scale, dropout, targets,"
                                + " biases and modules are in its " + AdapterFiles.CONFIG);
            }
            return AdapterFiles.read(adapter).lora();
        }
        if (!lora) {
            if (described) {
                throw new OrtuneException("--lora-rank, --lora-alpha, --lora-dropout, --lora-targets, --lora-bias,"
                        + " --use-rslora and --modules-to-save need " + LORA);
            }
            return null;
        }
        return new LoraArguments(
                rank == null ? RANK : rank,
                alpha == null ? ALPHA : alpha,
                dropout == null ? 0 : dropout,
                targets == null ? null : LoraTargets.parse(targets),
                bias == null ? Bias.NONE : bias,
                rankStabilised,
                modulesToSave);
    }
}

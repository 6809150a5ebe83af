package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.ArtifactsWriter;
import dev.ortune.trainer.artifacts.Checkpoint;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.artifacts.TrainingArtifacts;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.training.Objective;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ortune artifacts}: the four files that any ONNX Runtime Training program starts from. */
@Command(
        name = "artifacts",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write ONNX Runtime Training's four artifacts for a model, for programs on any platform.")
public final class ArtifactsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pretrained",
            required = true,
            paramLabel = "NAME|DIR",
            description = "The model: what \"ortune pull\" brought, or any folder.")
    private String pretrained;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the four files.")
    private Path out;

    @Option(names = "--labels", paramLabel = "N", description = "Labels of the head (default: ${DEFAULT-VALUE}).")
    private int labels = 2;

    @Option(
            names = "--target",
            paramLabel = "DEVICE",
            description =
                    "cpu, or cuda, whose graphs take other inputs: docs/ARCHITECTURE.md (default: ${DEFAULT-VALUE}).")
    private Target target = Target.CPU;

    @Mixin
    private OptimizerOptions optimizer;

    @Mixin
    private ObjectiveOptions objective;

    @Option(names = "--seed", paramLabel = "N", description = "Of new weights (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--overwrite", description = "Replace artifacts that are in --out already.")
    private boolean overwrite;

    @Override
    public Integer call() {
        ArtifactOptions options = Usage.check(spec, this::options);
        PretrainedModel model = PretrainedModel.load(Folders.pretrained(pretrained));
        requireFree();
        Network network = new Network(model.architecture(), new SequenceHead(labels, loss(objective.objective())));
        FreshHead start = model.withFreshHead(network, seed);
        TrainingArtifacts artifacts = ArtifactsWriter.write(network, start.weights(), options, out);
        PrintWriter writer = spec.commandLine().getOut();
        if (!start.initialised().isEmpty()) {
            writer.println("initialised " + String.join(", ", start.initialised()) + " (no file held them)");
        }
        files(artifacts).stream().filter(Files::exists).forEach(writer::println);
        writer.flush();
        return 0;
    }

    private ArtifactOptions options() {
        if (labels < 2) {
            throw new OrtuneException("--labels must be at least 2, not " + labels);
        }
        loss(objective.objective());
        return new ArtifactOptions(optimizer.optimizer(), target);
    }

    private CrossEntropy loss(Objective chosen) {
        if (chosen.classWeights() instanceof Objective.Balanced) {
            throw new OrtuneException(
                    "--class-weights balanced needs a data set, which artifacts has not; give numbers");
        }
        return chosen.loss(new Dataset("--labels", List.of(), Labels.numbered(labels)));
    }

    private void requireFree() {
        TrainingArtifacts artifacts = new TrainingArtifacts(out);
        for (Path file : files(artifacts)) {
            if (Files.exists(file) && !overwrite) {
                throw new OrtuneException(file + ": exists already; --overwrite replaces it");
            }
        }
    }

    /** Those that may be there; a large model's weights lie in a file of their own. */
    private static List<Path> files(TrainingArtifacts artifacts) {
        return List.of(
                artifacts.checkpoint(),
                Checkpoint.externalData(artifacts.checkpoint()),
                artifacts.trainingModel(),
                artifacts.evalModel(),
                artifacts.optimizerModel());
    }
}

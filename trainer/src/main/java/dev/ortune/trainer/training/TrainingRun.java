package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.report.DatasetSummary;
import dev.ortune.trainer.report.RunDescription;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.report.output.ReportFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What all runs have in common, whatever they train and on what: where one begins, its loop with checkpoints and logs, its
 * report.
 *
 * @param arguments the hyper-parameters
 * @param run what it keeps and tells on its way
 * @param files where its files go
 * @param out the name they are to have
 * @param display told how it goes
 * @param stop asked after each step
 */
record TrainingRun(
        TrainingArguments arguments,
        RunArguments run,
        ModelFolder files,
        Path out,
        TrainingLog display,
        StopRequest stop) {
    /**
     * Where an interrupted run goes on; the start when it had no checkpoint yet, or this one is new.
     *
     * @param described all that must be as it was
     */
    StartingPoint startingPoint(ObjectNode described) {
        if (!run.resume()) {
            return StartingPoint.START;
        }
        TrainingArgumentsFile.requireSame(files.arguments(), described);
        files.removeTemporaries();
        files.writeArguments(described);
        StartingPoint start = Checkpoints.in(files)
                .latest(display::notice)
                .map(StartingPoint::of)
                .orElse(StartingPoint.START);
        display.notice(
                start.isStart()
                        ? "There is no checkpoint to go on from; " + out + " begins at the start"
                        : "Going on from step " + start.state().progress().steps());
        return start;
    }

    /**
     * What it is about to do.
     *
     * @param pretrained what it begins with, for people
     * @param network what is trained
     * @param examples of an epoch
     */
    RunDescription description(
            String pretrained,
            Network network,
            FreshHead weights,
            Map<String, DatasetSummary> sets,
            List<String> labels,
            int examples,
            List<String> notices) {
        long parameters = network.sessionParameters().stream()
                .mapToLong(Parameter::elements)
                .sum();
        return new RunDescription(
                new RunDescription.Start(pretrained, parameters, network.trainedElements(), weights.initialised()),
                sets,
                labels,
                arguments.execution().hardware(),
                new SessionSettings(arguments.threads(), arguments.seed()).actualThreads(),
                arguments.totalSteps(examples),
                arguments.epochs(examples),
                notices);
    }

    /** Trains; leaves the best weights and the state of the run in the files. */
    TrainingResult train(
            Network network,
            FreshHead weights,
            VocabularySubset vocabulary,
            LoopData data,
            StartingPoint start,
            RunLogs logs) {
        try (TrainingSession session = session(network, weights, vocabulary, start)) {
            Consumer<RunState> save =
                    state -> Checkpoints.in(files).save(state.progress().steps(), session::save, logs.json(state));
            if (!session.canSave()) {
                if (!run.pause().equals(Pause.NEVER)) {
                    throw new OrtuneException("--pause-after needs a checkpoint, and the optimizer's state of so many"
                            + " weights is larger than ONNX Runtime writes");
                }
                display.notice(
                        "No checkpoints are written: the optimizer's state of so many weights is larger than 2 GB,"
                                + " the most that ONNX Runtime writes; this run cannot be resumed");
                save = state -> {};
            }
            Trainer trainer = new Trainer(
                    arguments,
                    run,
                    session,
                    data,
                    best -> files.writeBest(network, best),
                    save,
                    logs.and(display),
                    stop);
            TrainingResult result = trainer.run(start.state());
            session.weights();
            files.mergeAdapter(network, weights.weights());
            files.writeState(result, vocabulary);
            return result;
        }
    }

    private TrainingSession session(
            Network network, FreshHead weights, VocabularySubset vocabulary, StartingPoint start) {
        Execution execution = arguments.execution();
        ArtifactOptions options = execution.artifactOptions(arguments.optimizer());
        SessionSettings settings = new SessionSettings(arguments.threads(), arguments.seed(), execution.device());
        return start.isStart()
                ? TrainingSession.start(network, weights.weights(), options, vocabulary, files.training(), settings)
                : TrainingSession.resume(
                        network,
                        weights.weights(),
                        options,
                        vocabulary,
                        files.training(),
                        settings,
                        start.session(),
                        start.state().session());
    }

    /** Whatever hinders the report, a trained model must not be lost for it. */
    RunSummary withReport(RunSummary summary) {
        try {
            ReportFiles.intoFolder(
                    files.folder(),
                    out.toAbsolutePath().normalize().getFileName().toString());
            return summary.withReport(out.resolve(ReportFiles.PAGE).toString());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return summary.withReport("none (" + e.getMessage() + "); \"ortune report " + out + "\" tries again");
        }
    }
}

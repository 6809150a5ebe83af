package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.Classifier;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.MetricsLog;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.PredictionsFile;
import dev.ortune.trainer.report.RunDescription;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.TrainingLog;
import java.nio.file.Path;

/**
 * A whole run: from a pretrained model and data files to a model folder that is there complete or not at all.
 *
 * @param pretrained folder of the weights to start from
 * @param data the sets
 * @param arguments the hyper-parameters
 * @param out the model's folder
 * @param overwrite whether a model that is there may be replaced
 */
public record FineTuning(
        Path pretrained, DataArguments data, TrainingArguments arguments, Path out, boolean overwrite) {
    public FineTuning {
        if (arguments.earlyStopping() > 0 && data.validation() == null && data.validationSplit() == 0) {
            throw new OrtuneException("--early-stopping needs a validation set");
        }
    }

    /**
     * Trains, tests, and publishes the folder.
     *
     * @param display told how it goes
     * @param stop asked after each step
     * @throws OrtuneException when anything fails; what was at {@code out} is as it was then
     * @throws StopRequest.Stopped when that was asked for, likewise
     */
    public RunSummary run(TrainingLog display, StopRequest stop) {
        try (StagedFolder staged = StagedFolder.of(out, overwrite)) {
            PretrainedModel model = PretrainedModel.load(pretrained);
            requirePositions(model);
            DataArguments.Sets sets = data.read();
            stop.check();
            EncodedSets encoded = EncodedSets.of(sets, model.folder(), arguments.maxLength());
            Labels labels = sets.train().labels();
            FreshHead start = model.withFreshHead(labels.count(), arguments.seed());
            ModelFolder files = new ModelFolder(staged.folder());
            display.begin(description(start, encoded, labels));
            files.writeDescription(model, labels, TrainingArgumentsFile.of(this, model, encoded));
            stop.check();
            RunSummary summary = train(model, start, encoded, files, display, stop);
            staged.publish();
            display.end(summary);
            return summary;
        } finally {
            display.close();
        }
    }

    private RunSummary train(
            PretrainedModel model,
            FreshHead start,
            EncodedSets sets,
            ModelFolder files,
            TrainingLog display,
            StopRequest stop) {
        try (MetricsLog metrics = MetricsLog.append(files.metrics())) {
            TrainingLog log = new BothLogs(metrics, display);
            TrainingResult result = loop(model, start, sets, files, log, stop);
            Predictions test = predict(sets, files, stop);
            RunSummary summary = summary(result, test);
            metrics.end(summary);
            return summary;
        }
    }

    private TrainingResult loop(
            PretrainedModel model,
            FreshHead start,
            EncodedSets sets,
            ModelFolder files,
            TrainingLog log,
            StopRequest stop) {
        int labels = sets.train().dataset().labels().count();
        Execution execution = arguments.execution();
        ArtifactOptions options = execution.artifactOptions(
                arguments.objective().loss(sets.train().dataset()), arguments.optimizer());
        VocabularySubset vocabulary =
                new VocabularySubset(sets.tokenIds(), model.config().vocabSize());
        SessionSettings settings = new SessionSettings(arguments.threads(), arguments.seed(), execution.device());
        try (TrainingSession session = TrainingSession.start(
                model.config(), start.weights(), labels, options, vocabulary, files.training(), settings)) {
            Trainer trainer = new Trainer(
                    arguments, session, sets.train(), sets.validation(), sets.padId(), files::writeWeights, log, stop);
            TrainingResult result = trainer.run();
            session.weights();
            files.writeState(result, vocabulary);
            return result;
        }
    }

    /**
     * What the best checkpoint, as its files have it, says of the validation and the test set; both are written down.
     * Those of the test set, or null without one.
     */
    private Predictions predict(EncodedSets sets, ModelFolder files, StopRequest stop) {
        if (sets.validation() == null && sets.test() == null) {
            return null;
        }
        try (Classifier classifier = Classifier.open(
                files.folder(), arguments.threads(), arguments.execution().device())) {
            predict(classifier, sets.validation(), sets, files.predictions("validation"), stop);
            return predict(classifier, sets.test(), sets, files.predictions("test"), stop);
        }
    }

    private Predictions predict(
            Classifier classifier, EncodedDataset set, EncodedSets sets, Path file, StopRequest stop) {
        if (set == null) {
            return null;
        }
        Predictions predictions = classifier.predict(set, sets.padId(), arguments.batchSize(), batch -> stop.check());
        PredictionsFile.write(file, set.dataset(), predictions);
        return predictions;
    }

    private void requirePositions(PretrainedModel model) {
        int positions = model.config().maxPositionEmbeddings();
        if (arguments.maxLength() > positions) {
            throw new OrtuneException("--max-length " + arguments.maxLength() + " is more than the " + positions
                    + " positions of " + pretrained);
        }
    }

    private RunDescription description(FreshHead start, EncodedSets sets, Labels labels) {
        long parameters =
                start.weights().all().stream().mapToLong(Tensor::elements).sum();
        return new RunDescription(
                pretrained.toString(),
                parameters,
                sets.summaries(),
                labels.names(),
                start.initialised(),
                arguments.execution().hardware(),
                new SessionSettings(arguments.threads(), arguments.seed()).actualThreads(),
                arguments.totalSteps(sets.train().size()),
                arguments.epochs());
    }

    private RunSummary summary(TrainingResult result, Predictions test) {
        return new RunSummary(
                out.toString(),
                result.steps(),
                result.epoch(),
                result.loss(),
                result.seconds(),
                result.sentencesPerSecond(),
                result.stoppedEarly(),
                result.evaluations(),
                test == null ? null : test.metrics(),
                test == null ? null : test.batchMcc(BatchMcc.BATCH_SIZE));
    }
}

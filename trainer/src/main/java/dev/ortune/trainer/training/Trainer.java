package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSampler;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Collator;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.report.ClassificationMetrics;
import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.report.StepRecord;
import dev.ortune.trainer.report.TrainingLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The loop: epochs of optimizer steps, each of one or more batches; evaluations on the way, after each of which the
 * weights are kept if they are the best so far.
 */
public final class Trainer {
    private final TrainingArguments arguments;
    private final TrainingSession session;
    private final Batches train;
    private final Batches validation;
    private final LearningRateSchedule schedule;
    private final EarlyStopping earlyStopping;
    private final Consumer<Weights> keep;
    private final TrainingLog log;
    private final StopRequest stop;

    private final int stepsPerEpoch;
    private final int totalSteps;
    private final Progress progress = new Progress();
    private final List<EvaluationRecord> evaluations = new ArrayList<>();
    private ClassificationMetrics best;
    private boolean stopping;

    /**
     * A loop that has not begun.
     *
     * @param train the training set
     * @param validation the validation set, or null to train without evaluations and keep the last weights
     * @param padId token id of padding
     * @param keep takes the weights each time they are the best
     * @param log told of every step and evaluation
     * @param stop asked after every step
     */
    public Trainer(
            TrainingArguments arguments,
            TrainingSession session,
            EncodedDataset train,
            EncodedDataset validation,
            int padId,
            Consumer<Weights> keep,
            TrainingLog log,
            StopRequest stop) {
        this.arguments = arguments;
        this.session = session;
        this.train = new Batches(train, sampler(arguments), collator(arguments, padId), arguments.batchSize());
        this.validation = validation == null
                ? null
                : new Batches(
                        validation,
                        new BatchSampler.LengthGrouped(0),
                        collator(arguments, padId),
                        arguments.batchSize());
        this.stepsPerEpoch = arguments.stepsPerEpoch(train.size());
        this.totalSteps = arguments.totalSteps(train.size());
        this.schedule = LearningRateSchedule.of(arguments.schedule(), arguments.warmupRatio(), totalSteps);
        this.earlyStopping = new EarlyStopping(arguments.earlyStopping());
        this.keep = keep;
        this.log = log;
        this.stop = stop;
    }

    /**
     * Runs it to its end.
     *
     * @throws OrtuneException when the loss is no longer a number
     * @throws StopRequest.Stopped when that was asked for
     */
    public TrainingResult run() {
        progress.begin();
        for (int epoch = 0; epoch < arguments.epochs() && !stopping; epoch++) {
            Iterator<Batch> batches = train.epoch(epoch).iterator();
            while (batches.hasNext() && !stopping) {
                step(next(batches));
                evaluateWhenDue();
            }
        }
        if (validation == null) {
            keep.accept(session.weights());
        }
        return progress.result(epochs(), evaluations, stopping);
    }

    private List<Batch> next(Iterator<Batch> batches) {
        List<Batch> step = new ArrayList<>();
        while (batches.hasNext() && step.size() < arguments.gradientAccumulationSteps()) {
            step.add(batches.next());
        }
        return step;
    }

    private void step(List<Batch> batches) {
        double learningRate = arguments.learningRate() * schedule.factor(progress.steps());
        double loss = 0;
        int sentences = 0;
        for (int i = 0; i < batches.size(); i++) {
            loss += session.accumulate(batches.get(i), i, batches.size(), learningRate) / batches.size();
            sentences += batches.get(i).size();
        }
        if (!Double.isFinite(loss)) {
            throw new OrtuneException("The loss is " + loss + " at step " + (progress.steps() + 1)
                    + "; try a lower --learning-rate or a --max-grad-norm");
        }
        session.optimizerStep(learningRate);
        progress.step(loss, sentences);
        log.step(record(loss, learningRate));
        stop.check();
    }

    private StepRecord record(double loss, double learningRate) {
        return new StepRecord(
                progress.steps(),
                totalSteps,
                epochs(),
                arguments.epochs(),
                loss,
                learningRate,
                session.gradNorm(),
                progress.sentencesPerSecond(),
                progress.secondsLeft(totalSteps));
    }

    private double epochs() {
        return (double) progress.steps() / stepsPerEpoch;
    }

    private void evaluateWhenDue() {
        int interval = arguments.evalSteps() > 0 ? arguments.evalSteps() : stepsPerEpoch;
        boolean due = progress.steps() % interval == 0 || progress.steps() == totalSteps;
        if (validation != null && due) {
            progress.pause();
            evaluate();
            progress.resume();
        }
    }

    private void evaluate() {
        ClassificationMetrics metrics = Predictions.of(validation, batch -> {
                    stop.check();
                    return session.evaluate(batch).logits();
                })
                .metrics();
        boolean improved = arguments.metric().improves(metrics, best);
        if (improved) {
            best = metrics;
            keep.accept(session.weights());
        }
        EvaluationRecord evaluation =
                new EvaluationRecord(progress.steps(), epochs(), progress.takeMeanLoss(), metrics, improved);
        evaluations.add(evaluation);
        log.evaluation(evaluation);
        stopping = earlyStopping.stopsAfter(improved) && progress.steps() < totalSteps;
    }

    private static BatchSampler sampler(TrainingArguments arguments) {
        return arguments.groupByLength()
                ? new BatchSampler.LengthGrouped(arguments.seed())
                : new BatchSampler.Shuffled(arguments.seed());
    }

    private static Collator collator(TrainingArguments arguments, int padId) {
        return arguments.padToMax() ? Collator.toMax(padId, arguments.maxLength()) : Collator.dynamic(padId);
    }
}

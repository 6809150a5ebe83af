package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Ahead;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.Metrics;
import dev.ortune.trainer.report.StepRecord;
import dev.ortune.trainer.report.TrainingLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The loop: epochs of optimizer steps, each of one or more batches; evaluations on the way, after each of which the
 * weights are kept if they are the best so far; and now and then its state is saved, so that another loop can go on.
 */
public final class Trainer {
    private final TrainingArguments arguments;
    private final RunArguments run;
    private final TrainingSession session;
    private final LoopData data;
    private final LearningRateSchedule schedule;
    private final EarlyStopping earlyStopping;
    private final Consumer<Weights> keep;
    private final Consumer<RunState> save;
    private final TrainingLog log;
    private final StopRequest stop;
    private final NanGuard nanGuard;

    private final int stepsPerEpoch;
    private final int totalSteps;
    private final int pauseStep;
    private final Progress progress = new Progress();
    private final List<EvaluationRecord> evaluations = new ArrayList<>();
    private Metrics best;
    private boolean stopping;
    private int savedStep;

    /**
     * A loop that has not begun.
     *
     * @param data the training set, and the validation set or none to train without evaluations and keep the last
     *     weights
     * @param keep takes the weights each time they are the best
     * @param save takes the state each time it is to be saved
     * @param log told of every step and evaluation
     * @param stop asked after every step
     */
    Trainer(
            TrainingArguments arguments,
            RunArguments run,
            TrainingSession session,
            LoopData data,
            Consumer<Weights> keep,
            Consumer<RunState> save,
            TrainingLog log,
            StopRequest stop) {
        this.arguments = arguments;
        this.run = run;
        this.session = session;
        this.data = data;
        this.stepsPerEpoch = arguments.batches().stepsPerEpoch(data.train().size());
        this.totalSteps = arguments.totalSteps(data.train().size());
        this.pauseStep = run.pause().step(stepsPerEpoch, totalSteps);
        this.schedule = arguments.schedule().schedule(totalSteps);
        this.earlyStopping = new EarlyStopping(arguments.evaluation().earlyStopping());
        this.keep = keep;
        this.save = save;
        this.log = log;
        this.stop = stop;
        this.nanGuard = new NanGuard(run.onNan(), data.train(), log::notice);
    }

    /**
     * Runs it to its end.
     *
     * @param start where it begins
     * @throws NotANumberException when the loss is no longer a number; the state before that step is saved then
     * @throws StopRequest.Stopped when that was asked for; the state is saved then
     * @throws StopRequest.Paused where that was asked for, likewise
     */
    TrainingResult run(RunState start) {
        begin(start);
        try {
            evaluateWhenDue();
            pauseWhenDue();
            while (progress.steps() < totalSteps && !stopping) {
                epoch(progress.steps() / stepsPerEpoch);
            }
        } catch (StopRequest.Stopped e) {
            saveOnce(session.state());
            throw e;
        }
        if (progress.trained() == 0) {
            throw new OrtuneException("Nothing was learnt: no step had a loss and a gradient that are numbers");
        }
        if (data.validation() == null) {
            keep.accept(session.weights());
        }
        return progress.result(epochs(), session.skippedSteps(), evaluations, stopping);
    }

    private void begin(RunState start) {
        progress.begin(start.progress());
        savedStep = progress.steps();
        start.evaluations().forEach(this::remember);
    }

    private void epoch(int epoch) {
        int from = progress.steps() % stepsPerEpoch * arguments.batches().accumulation();
        Iterator<PreparedBatch> batches = new Ahead<>(
                data.train().epoch(epoch, from).map(session::prepare).iterator());
        while (progress.steps() < totalSteps && !stopping && batches.hasNext()) {
            step(next(batches));
            evaluateWhenDue();
            saveWhenDue();
            pauseWhenDue();
            stop.check();
        }
    }

    private List<PreparedBatch> next(Iterator<PreparedBatch> batches) {
        List<PreparedBatch> step = new ArrayList<>();
        while (batches.hasNext() && step.size() < arguments.batches().accumulation()) {
            step.add(batches.next());
        }
        return step;
    }

    private void step(List<PreparedBatch> batches) {
        SessionState before = session.state();
        double learningRate = arguments.schedule().learningRate() * schedule.factor(progress.steps());
        double mean = 0;
        int sentences = 0;
        List<StepPart> parts = parts(batches);
        for (int i = 0; i < batches.size(); i++) {
            mean += accumulate(batches.get(i), parts.get(i), learningRate)
                    * parts.get(i).share();
            sentences += batches.get(i).batch().size();
        }
        if (accepts(mean, batches, before)) {
            session.optimizerStep(learningRate);
            progress.step(mean, sentences);
            log.step(record(mean, learningRate));
        } else {
            progress.skip(sentences);
            log.step(record(Double.NaN, learningRate));
        }
    }

    /** By what each batch's mean was divided by. */
    private List<StepPart> parts(List<PreparedBatch> batches) {
        return StepPart.of(plain(batches).stream().mapToDouble(data.weight()).toArray());
    }

    private float accumulate(PreparedBatch batch, StepPart part, double learningRate) {
        try {
            return session.accumulate(batch, part, learningRate);
        } catch (BatchTooLargeException e) {
            throw e.withAdvice(arguments.batches().size(), arguments.batches().accumulation());
        }
    }

    /** The weights of a run that ends here are still good: it may go on from before this step. */
    private boolean accepts(double loss, List<PreparedBatch> batches, SessionState before) {
        try {
            return nanGuard.accepts(progress.steps() + 1, loss, session, plain(batches));
        } catch (NotANumberException e) {
            saveOnce(before);
            throw e;
        }
    }

    private static List<Batch> plain(List<PreparedBatch> batches) {
        return batches.stream().map(PreparedBatch::batch).toList();
    }

    private StepRecord record(double loss, double learningRate) {
        return new StepRecord(
                new StepRecord.Position(
                        progress.steps(),
                        totalSteps,
                        epochs(),
                        arguments.epochs(data.train().size())),
                loss,
                learningRate,
                session.gradNorm(),
                new StepRecord.Pace(progress.sentencesPerSecond(), progress.secondsLeft(totalSteps)),
                session.skippedSteps());
    }

    private double epochs() {
        return (double) progress.steps() / stepsPerEpoch;
    }

    private void evaluateWhenDue() {
        int steps = progress.steps();
        boolean due = isDue(arguments.evaluation().steps()) || steps == pauseStep;
        if (data.validation() != null && due && steps > evaluatedStep()) {
            progress.pause();
            evaluate();
            progress.resume();
        }
    }

    /** Whether this is a step of an interval, the epoch where that is 0, or the last. */
    private boolean isDue(int interval) {
        int steps = progress.steps();
        return steps % (interval > 0 ? interval : stepsPerEpoch) == 0 || steps == totalSteps;
    }

    private int evaluatedStep() {
        return evaluations.isEmpty()
                ? 0
                : evaluations.get(evaluations.size() - 1).step();
    }

    private void evaluate() {
        Metrics metrics = data.validation().of(batch -> {
            stop.check();
            return session.evaluate(batch).outputs();
        });
        boolean preferred = data.metric().prefers(metrics, best);
        if (preferred) {
            keep.accept(session.weights());
        }
        EvaluationRecord evaluation =
                new EvaluationRecord(progress.steps(), epochs(), progress.takeMeanLoss(), metrics, preferred);
        log.evaluation(evaluation);
        remember(evaluation);
    }

    private void remember(EvaluationRecord evaluation) {
        boolean improved = data.metric().improves(evaluation.metrics(), best);
        best = evaluation.best() ? evaluation.metrics() : best;
        evaluations.add(evaluation);
        stopping = earlyStopping.stopsAfter(improved) && evaluation.step() < totalSteps;
    }

    private void saveWhenDue() {
        if (isDue(run.saveSteps())) {
            progress.pause();
            saveOnce(session.state());
            progress.resume();
        }
    }

    private void pauseWhenDue() {
        if (progress.steps() >= pauseStep && !stopping) {
            saveOnce(session.state());
            throw new StopRequest.Paused();
        }
    }

    private void saveOnce(SessionState state) {
        if (progress.steps() > savedStep) {
            save.accept(new RunState(progress.state(), state, evaluations));
            savedStep = progress.steps();
        }
    }
}

package dev.ortune.trainer.training;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.ArtifactsWriter;
import dev.ortune.trainer.artifacts.Checkpoint;
import dev.ortune.trainer.artifacts.CheckpointReader;
import dev.ortune.trainer.artifacts.SessionWeights;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.artifacts.TrainingArtifacts;
import dev.ortune.trainer.artifacts.TrainingGraph;
import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.runtime.NativeLibraries;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model under training in ONNX Runtime Training: takes batches, gives losses, holds the weights. One thread at a time.
 */
public final class TrainingSession implements AutoCloseable {
    private static final String LOSS = "loss";

    private final TrainingArtifacts artifacts;
    private final ArtifactOptions options;
    private final Weights original;
    private final SessionWeights sessionWeights;
    private final double wordRate;
    private final VocabularySubset vocabulary;
    private final Network network;
    private final LossScale lossScale;
    private final OrtEnvironment environment;
    private final OrtTrainingSession session;
    private final long seed;
    private final int dropouts;
    private long batches;
    private double missedDecay;
    private float gradNorm = Float.NaN;
    private boolean updates = true;

    private TrainingSession(
            Network network,
            TrainingArtifacts artifacts,
            ArtifactOptions options,
            Weights original,
            VocabularySubset vocabulary,
            SessionSettings settings,
            Path checkpoint,
            SessionState state)
            throws OrtException {
        this.network = vocabulary.shrink(network);
        this.lossScale =
                options.precision().scalesLoss() ? new LossScale(settings.lossScale(), state.lossScale()) : null;
        this.artifacts = artifacts;
        this.options = options;
        this.original = original;
        this.sessionWeights = new SessionWeights(this.network, options.target());
        this.wordRate = network.adaptation().rate(network.architecture().wordEmbeddings());
        this.vocabulary = vocabulary;
        this.seed = settings.seed();
        this.dropouts = artifacts.dropouts();
        this.batches = state.batches();
        this.missedDecay = state.missedDecay();
        this.environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions sessionOptions = settings.sessionOptions()) {
            this.session = environment.createTrainingSession(
                    checkpoint.toString(),
                    artifacts.trainingModel().toString(),
                    artifacts.evalModel().toString(),
                    artifacts.optimizerModel().toString(),
                    sessionOptions);
        }
    }

    /**
     * Writes the artifacts and starts a session on them.
     *
     * @param network what is trained
     * @param weights where training starts, whole
     * @param options optimizer and target
     * @param vocabulary every token id that batches will hold
     * @param folder where the artifacts go
     * @param settings threads and seed
     * @throws OrtuneException when the weights do not fit, or ONNX Runtime refuses
     */
    public static TrainingSession start(
            Network network,
            Weights weights,
            ArtifactOptions options,
            VocabularySubset vocabulary,
            Path folder,
            SessionSettings settings) {
        NativeLibraries.load();
        TrainingArtifacts artifacts =
                ArtifactsWriter.write(vocabulary.shrink(network), vocabulary.shrink(weights), options, folder);
        return open(
                network, artifacts, options, weights, vocabulary, settings, artifacts.checkpoint(), SessionState.START);
    }

    /**
     * Starts a session on artifacts that are there, from a point that {@link #save} kept.
     *
     * @param network what is trained
     * @param weights those that the run began with, whole
     * @param folder where the artifacts are
     * @param checkpoint what {@link #save} wrote
     * @param state the session's {@link #state} then
     * @throws OrtuneException when ONNX Runtime refuses
     */
    public static TrainingSession resume(
            Network network,
            Weights weights,
            ArtifactOptions options,
            VocabularySubset vocabulary,
            Path folder,
            SessionSettings settings,
            Path checkpoint,
            SessionState state) {
        NativeLibraries.load();
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        return open(network, artifacts, options, weights, vocabulary, settings, checkpoint, state);
    }

    private static TrainingSession open(
            Network network,
            TrainingArtifacts artifacts,
            ArtifactOptions options,
            Weights weights,
            VocabularySubset vocabulary,
            SessionSettings settings,
            Path checkpoint,
            SessionState state) {
        try {
            return new TrainingSession(network, artifacts, options, weights, vocabulary, settings, checkpoint, state);
        } catch (OrtException e) {
            throw new OrtuneException("ONNX Runtime Training cannot start: " + e.getMessage(), e);
        }
    }

    /** A step on a single batch: its gradients alone, then the optimizer. Returns the batch's mean loss. */
    public float step(Batch batch, double learningRate) {
        return step(prepare(batch), learningRate);
    }

    /** Likewise, on one that is prepared. */
    public float step(PreparedBatch batch, double learningRate) {
        float loss = accumulate(batch, StepPart.WHOLE, learningRate);
        optimizerStep(learningRate);
        return loss;
    }

    /** {@link #accumulate(PreparedBatch, StepPart, double)} of a batch that was not prepared before. */
    public float accumulate(Batch batch, StepPart part, double learningRate) {
        return accumulate(prepare(batch), part, learningRate);
    }

    /**
     * Forward and backward pass of one of the batches that make up a step. Its gradients, times its share, are
     * added to those of the batches before it; after the last one they are clipped.
     *
     * @param part its place in the step
     * @param learningRate that of the optimizer step that follows
     * @return the batch's mean loss
     */
    public float accumulate(PreparedBatch batch, StepPart part, double learningRate) {
        try {
            return forwardBackward(batch, part, learningRate);
        } catch (OrtException e) {
            throw DeviceMemory.ranOut(e)
                    ? DeviceMemory.error(memory(), batch.batch(), this::fits, e)
                    : failed("step", batch.batch(), e);
        }
    }

    /** The numbers that {@link #accumulate} takes. Other threads may call this meanwhile. */
    public PreparedBatch prepare(Batch batch) {
        long[] rows = vocabulary.rows(batch.inputIds());
        Map<String, Array> arrays = new LinkedHashMap<>();
        if (options.target() == Target.CUDA) {
            Geometry geometry = network.architecture().geometry();
            arrays.putAll(TokenArrays.of(batch, rows, geometry, options.layout()));
        } else {
            arrays.putAll(batch.arrays());
            arrays.put(Batch.INPUT_IDS, new Array(rows, batch.size(), batch.length()));
        }
        return new PreparedBatch(batch, arrays);
    }

    private String memory() {
        return options.target() == Target.CUDA ? "The GPU's memory" : "Memory";
    }

    /** Whether a batch goes through; it spoils the gradients of the step under way. */
    private boolean fits(Batch batch) {
        try {
            return Float.isFinite(forwardBackward(prepare(batch), StepPart.WHOLE, 0));
        } catch (OrtException tooLarge) {
            return false;
        }
    }

    private float forwardBackward(PreparedBatch batch, StepPart part, double learningRate) throws OrtException {
        boolean last = part.isLast();
        double decay = last ? options.optimizer().preScale(learningRate) : 0;
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            if (part.isFirst()) {
                session.lazyResetGrad();
            }
            seedDropout();
            Set<String> names = session.getTrainInputNames();
            put(inputs, batch, names);
            put(inputs, TrainingGraph.DECAY_INPUT, (float) decay, 1);
            put(inputs, TrainingGraph.LOSS_SCALE_INPUT, (float) (scale() * part.share()));
            put(inputs, TrainingGraph.MAX_GRAD_NORM_INPUT, last ? maxGradNorm() : Float.POSITIVE_INFINITY);
            put(inputs, TrainingGraph.UNSCALE_INPUT, last ? 1 / scale() : 1);
            try (OrtSession.Result result = session.trainStep(ordered(inputs, names))) {
                return lossOf(result, last);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * ONNX Runtime's dropouts share one generator, whose seed each of them raises by one. Setting it to where it stands
     * anyway makes it follow from the number of batches alone, which a resumed session knows.
     */
    private void seedDropout() throws OrtException {
        OrtTrainingSession.setSeed(seed + dropouts * batches);
        batches++;
    }

    private float lossOf(OrtSession.Result result, boolean last) {
        gradNorm = tensor(result, TrainingGraph.GRAD_NORM_OUTPUT).get(0) / scale();
        float loss = tensor(result, LOSS).get(0);
        if (last && lossScale != null && Float.isFinite(loss)) {
            updates = lossScale.updatesAfter(gradNorm);
        }
        return loss;
    }

    /** Global norm of the gradients before clipping after the last {@link #accumulate}. */
    public float gradNorm() {
        return gradNorm;
    }

    /** What the loss is multiplied by in the next step; 1 where it is not scaled. */
    public float lossScale() {
        return scale();
    }

    /** Steps that brought no update, since their gradients overflowed in half precision. */
    public int skippedSteps() {
        return lossScale == null ? 0 : lossScale.skippedSteps();
    }

    /** Whether that norm is a number, or is the business of the loss's scale. */
    boolean hasFiniteGradient() {
        return lossScale != null || Float.isFinite(gradNorm);
    }

    /**
     * Updates the weights, unless the gradients overflowed in half precision. Each step's outputs are on the host before
     * this is called, so nothing is gained by deciding it on the GPU; and AdamW's count of steps stays right.
     */
    public void optimizerStep(double learningRate) {
        if (!updates) {
            updates = true;
            return;
        }
        try {
            session.setLearningRate((float) learningRate);
            session.optimizerStep();
            missedDecay *= 1 - learningRate * wordRate * options.optimizer().weightDecay();
        } catch (OrtException e) {
            throw new OrtuneException("The optimizer step failed: " + e.getMessage(), e);
        }
    }

    /** Forward pass without dropout. */
    public Evaluation evaluate(Batch batch) {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            Set<String> names = session.getEvalInputNames();
            put(inputs, prepare(batch), names);
            try (OrtSession.Result result = session.evalStep(ordered(inputs, names))) {
                return evaluation(result);
            }
        } catch (OrtException e) {
            throw failed("evaluation", batch, e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * The weights as they are now, whole, the factors of updates among them; also leaves them in the artifacts' checkpoint.
     */
    public Weights weights() {
        Path temporary = artifacts.folder().resolve("checkpoint.tmp");
        try {
            session.saveCheckpoint(temporary, false);
        } catch (OrtException e) {
            throw new OrtuneException(temporary + ": the checkpoint cannot be written: " + e.getMessage(), e);
        }
        Path checkpoint = Checkpoint.take(temporary, artifacts.checkpoint());
        Weights trained = vocabulary.expand(sessionWeights.read(checkpoint), original, missedDecay);
        return original.with(trained.all());
    }

    /** Whether ONNX Runtime can write what {@link #save} asks for: of models of over 268 million trained weights, no. */
    public boolean canSave() {
        return Checkpoint.holdsMoments(
                CheckpointReader.read(artifacts.checkpoint()).all());
    }

    /** Keeps weights and the optimizer's moments in a file from which {@link #resume} goes on. */
    public void save(Path file) {
        try {
            session.saveCheckpoint(file, true);
        } catch (OrtException e) {
            throw new OrtuneException(file + ": the checkpoint cannot be written: " + e.getMessage(), e);
        }
        CheckpointReader.requireWhole(file);
    }

    /** What goes with {@link #save}. */
    public SessionState state() {
        return new SessionState(batches, missedDecay, lossScale == null ? LossScale.State.START : lossScale.state());
    }

    @Override
    public void close() {
        session.close();
    }

    /** Those of a batch's arrays that a graph takes: which it has depends on the family and the task. */
    private void put(Map<String, OnnxTensor> inputs, PreparedBatch batch, Set<String> names) throws OrtException {
        for (Map.Entry<String, Array> entry : batch.arrays().entrySet()) {
            if (names.contains(entry.getKey())) {
                inputs.put(entry.getKey(), tensor(entry.getValue()));
            }
        }
    }

    private OnnxTensor tensor(Array array) throws OrtException {
        return array.data() instanceof float[] floats
                ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), array.shape())
                : OnnxTensor.createTensor(environment, LongBuffer.wrap((long[]) array.data()), array.shape());
    }

    private void put(Map<String, OnnxTensor> inputs, String name, float value, long... shape) throws OrtException {
        inputs.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[] {value}), shape));
    }

    /** ONNX Runtime Training takes inputs by position: the names that it is given with them are not read. */
    private static Map<String, OnnxTensor> ordered(Map<String, OnnxTensor> inputs, Set<String> names) {
        Map<String, OnnxTensor> result = new LinkedHashMap<>();
        for (String name : names) {
            result.put(name, inputs.get(name));
        }
        return result;
    }

    private float scale() {
        return lossScale == null ? 1 : lossScale.value();
    }

    /** Without clipping only unscaling is left of it. */
    private float maxGradNorm() {
        double max = options.optimizer().maxGradNorm();
        return max > 0 ? (float) max : Float.POSITIVE_INFINITY;
    }

    private Evaluation evaluation(OrtSession.Result result) {
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            FloatBuffer data = ((OnnxTensor) output.getValue()).getFloatBuffer();
            float[] values = new float[data.remaining()];
            data.get(values);
            outputs.put(output.getKey(), values);
        }
        float loss = outputs.remove(LOSS)[0];
        return new Evaluation(loss, outputs);
    }

    private static FloatBuffer tensor(OrtSession.Result result, String name) {
        return ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    }

    private static OrtuneException failed(String what, Batch batch, OrtException e) {
        return new OrtuneException(
                "A training " + what + " on " + batch.size() + " x " + batch.length() + " tokens failed: "
                        + e.getMessage(),
                e);
    }
}

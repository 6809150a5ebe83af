package dev.ortune.exporter.verify;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.graph.Tensor;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** An ONNX file in a plain ONNX Runtime session, with its weights inside or handed to it at each run. */
final class ModelRun implements AutoCloseable {
    /** The input with the number of each text's adapter. */
    private static final String ADAPTER = "adapter";

    /** How the names of weights end that are of several adapters. */
    private static final String STACK = ".stack";

    /** What an exported file says of how many there are. */
    private static final String ADAPTERS = "ortune.adapters";

    private final Path file;
    private final OrtSession session;
    private final Map<String, OnnxTensor> weights = new LinkedHashMap<>();

    private ModelRun(Path file, OrtSession session) {
        this.file = file;
        this.session = session;
    }

    /** Opens a file; {@code threads} is 0 for one a core. */
    static ModelRun open(Path file, int threads) {
        return open(file, threads, Map.of());
    }

    /** A file as all comparisons run it; {@code threads} is 0 for one a core. */
    static OrtSession session(Path file, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            ExactProducts.addTo(options);
            return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
        }
    }

    /** Opens a file whose other inputs are {@code weights}. */
    static ModelRun open(Path file, int threads, Map<String, Tensor> weights) {
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            ModelRun run = new ModelRun(file, session(file, threads));
            for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
                Tensor tensor = weight.getValue();
                run.weights.put(weight.getKey(), OnnxTensor.createTensor(environment, tensor.floats(), tensor.shape()));
            }
            return run;
        } catch (OrtException e) {
            throw new OrtuneException(file + ": ONNX Runtime cannot load it: " + Printable.of(firstLine(e)), e);
        }
    }

    /**
     * All outputs by name, in the order in which the file declares them; without keys and values of tokens, which a file that takes
     * those of tokens before gives for its next run. Such a file reads a text that comes alone in two runs.
     */
    Map<String, ModelOutput> outputs(TextBatch batch) {
        if (GrowingRun.isOf(session)) {
            return new GrowingRun(file, session).outputs(batch);
        }
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>(weights);
        Map<String, OnnxTensor> texts = new LinkedHashMap<>();
        try {
            for (String name : session.getInputNames()) {
                if (!weights.containsKey(name)) {
                    texts.put(name, name.equals(ADAPTER) ? adapters(batch.size()) : tensor(batch, name));
                }
            }
            inputs.putAll(texts);
            try (OrtSession.Result result = session.run(inputs)) {
                return outputs(result, batch);
            }
        } catch (OrtException e) {
            throw new OrtuneException(
                    file + ": fails on a batch of " + batch.size() + " x " + batch.length() + " tokens: "
                            + firstLine(e),
                    e);
        } finally {
            texts.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(TextBatch batch, String name) throws OrtException {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), LongBuffer.wrap(batch.values(name)), batch.shape());
    }

    /** One after the other, so that rows of all are in one batch. */
    private OnnxTensor adapters(int texts) throws OrtException {
        long[] numbers = new long[texts];
        int count = adapters();
        Arrays.setAll(numbers, row -> row % count);
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), LongBuffer.wrap(numbers), new long[] {texts});
    }

    /** How many there are: the first dimension of their weights, or what an exported file says of itself. */
    private int adapters() throws OrtException {
        for (Map.Entry<String, OnnxTensor> weight : weights.entrySet()) {
            if (weight.getKey().endsWith(STACK)) {
                return (int) weight.getValue().getInfo().getShape()[0];
            }
        }
        return Integer.parseInt(
                session.getMetadata().getCustomMetadataValue(ADAPTERS).orElse("1"));
    }

    private Map<String, ModelOutput> outputs(OrtSession.Result result, TextBatch batch) throws OrtException {
        Map<String, NodeInfo> declared = session.getOutputInfo();
        Map<String, ModelOutput> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> entry : result) {
            OnnxTensor tensor = (OnnxTensor) entry.getValue();
            long[] shape = tensor.getInfo().getShape();
            if (shape[0] != batch.size()) {
                throw new OrtuneException(file + ": its output " + Printable.of(entry.getKey()) + " has " + shape[0]
                        + " rows for a batch of " + batch.size() + " texts");
            }
            boolean perToken =
                    batch.choices() == 0 && isPerToken(declared.get(entry.getKey())) && shape[1] == batch.length();
            outputs.put(entry.getKey(), ModelOutput.of(tensor.getFloatBuffer(), shape, perToken, batch));
        }
        return outputs;
    }

    /** Whether texts come as [batch, choices, sequence]. */
    boolean takesChoices() {
        try {
            NodeInfo texts = session.getInputInfo().get("input_ids");
            return texts != null && texts.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 3;
        } catch (OrtException e) {
            throw new OrtuneException(file + ": its inputs cannot be read: " + firstLine(e), e);
        }
    }

    /** Numbers that each token adds to the outputs. */
    long numbersPerToken() {
        try {
            if (takesChoices()) {
                return 0;
            }
            long numbers = 0;
            for (NodeInfo output : session.getOutputInfo().values()) {
                long[] shape = ((TensorInfo) output.getInfo()).getShape();
                numbers += isPerToken(output) ? Math.max(1, shape[shape.length - 1]) : 0;
            }
            return numbers;
        } catch (OrtException e) {
            throw new OrtuneException(file + ": its outputs cannot be read: " + firstLine(e), e);
        }
    }

    /** [batch, sequence, …]: a second dimension that is free can only be that of the tokens. */
    private static boolean isPerToken(NodeInfo output) {
        long[] shape = ((TensorInfo) output.getInfo()).getShape();
        return shape.length > 1 && shape[1] < 0;
    }

    @Override
    public void close() {
        weights.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new OrtuneException(file + ": the session cannot be closed: " + firstLine(e), e);
        }
    }

    private static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}

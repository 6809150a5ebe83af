import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.microsoft.azure.synapse.ml.onnx.ONNXModel;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code Peers function|synapseml TOKENIZER.json MODEL.onnx TEXTS.jsonl CORES}: what others do of the same texts in local mode, twice.
 * Prints the second time's rows a second, and the label of each row, in order.
 *
 * <p>A function of one's own runs one text at a time, as a session of one thread in each task. SynapseML's model has no tokenizer,
 * and takes rows of one length, so that a function fills all up to that of the longest text; it makes batches of 64.
 */
public final class Peers {
    private static final int BATCH = 64;
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask", "token_type_ids");

    private Peers() {}

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[" + arguments[4] + "]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        Dataset<Row> texts = spark.read().json(arguments[3]).repartitionByRange(2 * Integer.parseInt(arguments[4]), functions.col("id"))
                .cache();
        long rows = texts.count();
        Dataset<Row> scored = arguments[0].equals("function")
                ? function(spark, texts, arguments[1], arguments[2])
                : synapse(spark, texts, arguments[1], arguments[2]);
        scored.write().format("noop").mode("overwrite").save();
        long start = System.nanoTime();
        scored.write().format("noop").mode("overwrite").save();
        System.out.printf("%.1f%n", rows / ((System.nanoTime() - start) / 1e9));
        StringBuilder labels = new StringBuilder();
        for (Row row : scored.select("id", "label").orderBy("id").collectAsList()) {
            labels.append(row.getInt(1)).append(' ');
        }
        System.out.println(labels.toString().strip());
        spark.stop();
    }

    private static Dataset<Row> function(SparkSession spark, Dataset<Row> texts, String tokenizer, String model) {
        spark.udf().register("label", (UDF1<String, Integer>) text -> Model.of(tokenizer, model).label(text), DataTypes.IntegerType);
        return texts.withColumn("label", functions.callUDF("label", functions.col("text")));
    }

    private static Dataset<Row> synapse(SparkSession spark, Dataset<Row> texts, String tokenizer, String model) throws Exception {
        HuggingFaceTokenizer counting = Model.tokenizer(tokenizer);
        int longest = texts.select("text").collectAsList().stream()
                .mapToInt(row -> counting.encode(row.getString(0)).getIds().length)
                .max()
                .orElseThrow();
        List<String> inputs = Model.inputs(model);
        UDF1<String, long[][]> tokenized = text -> {
            Encoding encoding = Model.shared(tokenizer).encode(text);
            return inputs.stream().map(input -> Arrays.copyOf(Model.values(input, encoding), longest)).toArray(long[][]::new);
        };
        spark.udf().register("tokens", tokenized, DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.LongType)));
        Dataset<Row> tokens = texts.withColumn("tokens", functions.callUDF("tokens", functions.col("text")));
        Map<String, String> feed = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            tokens = tokens.withColumn(inputs.get(i), functions.col("tokens").getItem(i));
            feed.put(inputs.get(i), inputs.get(i));
        }
        ONNXModel network = new ONNXModel().setModelPayload(Files.readAllBytes(Path.of(model)));
        network.setDeviceType("CPU");
        network.setMiniBatchSize(BATCH);
        network.setFeedDict(new HashMap<>(feed));
        network.setFetchDict(new HashMap<>(Map.of("logits", "logits")));
        network.setArgMaxDict(new HashMap<>(Map.of("logits", "label")));
        return network.transform(tokens).withColumn("label", functions.col("label").cast("int"));
    }

    /** A tokenizer for all tasks, and a session for each thread. */
    private static final class Model {
        private static final Map<Thread, Model> BY_THREAD = new HashMap<>();
        private static HuggingFaceTokenizer shared;

        private final HuggingFaceTokenizer tokenizer;
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;

        private Model(HuggingFaceTokenizer tokenizer, String file) throws OrtException {
            this.tokenizer = tokenizer;
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(1);
            this.session = environment.createSession(file, options);
        }

        static synchronized Model of(String tokenizer, String file) throws Exception {
            Model model = BY_THREAD.get(Thread.currentThread());
            if (model == null) {
                model = new Model(shared(tokenizer), file);
                BY_THREAD.put(Thread.currentThread(), model);
            }
            return model;
        }

        static synchronized HuggingFaceTokenizer shared(String file) throws Exception {
            if (shared == null) {
                shared = tokenizer(file);
            }
            return shared;
        }

        static HuggingFaceTokenizer tokenizer(String file) throws Exception {
            return HuggingFaceTokenizer.newInstance(
                    Path.of(file), Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"));
        }

        static List<String> inputs(String file) throws OrtException {
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file)) {
                return INPUTS.stream().filter(session.getInputNames()::contains).toList();
            }
        }

        static long[] values(String input, Encoding encoding) {
            return switch (input) {
                case "input_ids" -> encoding.getIds();
                case "attention_mask" -> encoding.getAttentionMask();
                default -> encoding.getTypeIds();
            };
        }

        int label(String text) throws OrtException {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            Encoding encoding = tokenizer.encode(text);
            try {
                for (String name : session.getInputNames()) {
                    long[] values = values(name, encoding);
                    inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, values.length}));
                }
                try (OrtSession.Result result = session.run(inputs)) {
                    float[] logits = ((float[][]) result.get(0).getValue())[0];
                    int best = 0;
                    for (int i = 1; i < logits.length; i++) {
                        best = logits[i] > logits[best] ? i : best;
                    }
                    return best;
                }
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }
}

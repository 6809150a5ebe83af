import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** {@code mvn -q compile exec:java -Dexec.args="../../models/quickstart 'They no go to the movies.'"} */
public class Classify {
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        JsonNode labels = new ObjectMapper().readTree(folder.resolve("config.json").toFile()).get("id2label");
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"));
                OrtSession session = environment.createSession(folder.resolve("onnx/model_int8.onnx").toString())) {
            Encoding encoding = tokenizer.encode(args[1]);
            try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {encoding.getIds()});
                    OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {encoding.getAttentionMask()});
                    OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {encoding.getTypeIds()});
                    OrtSession.Result result = session.run(
                            Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
                float[] logits = ((float[][]) result.get(0).getValue())[0];
                int best = 0;
                double sum = 0;
                for (int i = 0; i < logits.length; i++) {
                    best = logits[i] > logits[best] ? i : best;
                }
                for (float logit : logits) {
                    sum += Math.exp(logit - logits[best]);
                }
                System.out.printf(Locale.ROOT, "%s %.4f%n", labels.get(Integer.toString(best)).asText(), 1 / sum);
            }
        }
    }
}

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * An exported file in a plain ONNX Runtime session, run when told to over standard input, one answer a line. Arguments:
 * file, threads, and "cuda:N" for a GPU.
 *
 * <pre>
 *     logits BATCH LENGTH     -> logits NUMBER ...   of the first row
 *     run BATCH LENGTH N      -> ran MS ...          N runs
 * </pre>
 */
public final class OrtPeer {
    public static void main(String[] arguments) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(Integer.parseInt(arguments[1]));
        if (arguments.length > 2 && arguments[2].startsWith("cuda:")) {
            options.addCUDA(new OrtCUDAProviderOptions(Integer.parseInt(arguments[2].substring("cuda:".length()))));
        }
        OrtSession session = environment.createSession(arguments[0], options);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            int batch = Integer.parseInt(words[1]);
            int length = Integer.parseInt(words[2]);
            Map<String, OnnxTensor> inputs = inputs(environment, session, batch, length);
            if (words[0].equals("logits")) {
                try (OrtSession.Result result = session.run(inputs)) {
                    float[][] logits = (float[][]) result.get(0).getValue();
                    StringBuilder answer = new StringBuilder("logits");
                    for (float logit : logits[0]) {
                        answer.append(' ').append(logit);
                    }
                    System.out.println(answer);
                }
            } else {
                System.out.println(run(session, inputs, Integer.parseInt(words[3])));
            }
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static String run(OrtSession session, Map<String, OnnxTensor> inputs, int count) throws Exception {
        StringBuilder answer = new StringBuilder("ran");
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            session.run(inputs).close();
            answer.append(' ').append((System.nanoTime() - start) / 1e6);
        }
        return answer.toString();
    }

    /** The same ids as in pytorch_peer.py; nothing is padded. */
    private static Map<String, OnnxTensor> inputs(OrtEnvironment environment, OrtSession session, int batch, int length)
            throws Exception {
        long[] ids = new long[batch * length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 1000 + i * 7919L % 20000;
        }
        long[] ones = new long[ids.length];
        java.util.Arrays.fill(ones, 1);
        Map<String, long[]> all =
                Map.of("input_ids", ids, "attention_mask", ones, "token_type_ids", new long[ids.length]);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        for (String name : session.getInputNames()) {
            tensors.put(
                    name,
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(all.get(name)), new long[] {batch, length}));
        }
        return tensors;
    }
}

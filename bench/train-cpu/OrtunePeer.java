import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.adaptation.Adapter;
import dev.ortune.trainer.adaptation.LoraArguments;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.data.Ahead;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Architectures;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.pretrained.FreshHead;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.runtime.CudaDevice;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.training.PreparedBatch;
import dev.ortune.trainer.training.SessionSettings;
import dev.ortune.trainer.training.TrainingSession;
import dev.ortune.trainer.training.VocabularySubset;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Ortune's contestant: trains when told to over standard input, one answer a line. The commands are those of
 * pytorch_peer.py and "load FILE", which takes other batches. Arguments: model folder, batches, token ids that the data
 * set holds (or "whole"), threads; for CUDA's graphs three more: device ("cuda:N", or "cpu" to rehearse), precision, token
 * layout.
 */
public final class OrtunePeer {
    private static final double LEARNING_RATE = 2e-5;

    /** peft's defaults. */
    private static final AdaptationArguments LORA = new AdaptationArguments(
            new LoraArguments(8, 8, 0, null, LoraArguments.Bias.NONE, false, null), null, List.of(), 1, 0);

    private final TrainingSession session;
    private List<Batch> batches;

    private OrtunePeer(TrainingSession session, List<Batch> batches) {
        this.session = session;
        this.batches = batches;
    }

    public static void main(String[] args) throws IOException {
        Path model = Path.of(args[0]);
        Network whole = new Network(Architectures.of(json(model.resolve("config.json"))), new SequenceHead(2));
        AdaptationArguments adaptation = (Boolean.getBoolean("ortune.bench.lora") ? LORA : AdaptationArguments.NONE)
                .settled(whole, List.of());
        Network network = whole.adapted(adaptation.of(whole, LEARNING_RATE));
        FreshHead start = new FreshHead(Safetensors.read(model.resolve("model.safetensors")), List.of(), 0);
        Optimizer adamW = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.1, 1.0);
        Path artifacts = Files.createTempDirectory(model, "artifacts");
        try (TrainingSession session = TrainingSession.start(
                network,
                Adapter.start(network, start, adaptation, 42).weights(),
                options(adamW, args),
                vocabulary(args[2], network.architecture()),
                artifacts,
                new SessionSettings(Integer.parseInt(args[3]), 42, device(args)))) {
            new OrtunePeer(session, batches(args[1])).answer();
        } finally {
            delete(artifacts);
        }
    }

    private static ArtifactOptions options(Optimizer optimizer, String[] args) {
        if (args.length == 4) {
            return new ArtifactOptions(optimizer, Target.CPU);
        }
        return new ArtifactOptions(
                optimizer,
                Target.CUDA,
                precision(args),
                TokenLayout.valueOf(args[6].toUpperCase(Locale.ROOT)),
                !args[4].equals("cpu"));
    }

    private static Precision precision(String[] args) {
        return Precision.valueOf(args[5].toUpperCase(Locale.ROOT));
    }

    private static Device device(String[] args) {
        if (args.length == 4 || args[4].equals("cpu")) {
            return Device.CPU;
        }
        int index = Integer.parseInt(args[4].substring("cuda:".length()));
        return new CudaDevice(index, 0, CudaDevice.Arena.POWER_OF_TWO, precision(args) != Precision.FP32);
    }

    private static List<Batch> batches(String file) throws IOException {
        List<Batch> batches = new ArrayList<>();
        json(Path.of(file)).forEach(batch -> batches.add(batch(batch)));
        return batches;
    }

    private void answer() throws IOException {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(switch (words[0]) {
                case "eval" -> String.format(Locale.ROOT, "loss %.7f", session.evaluate(batches.get(0)).loss());
                case "run" -> run(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "peak" -> peak();
                case "load" -> {
                    batches = batches(words[1]);
                    yield "loaded";
                }
                default -> throw new IllegalArgumentException(line);
            });
        }
    }

    private String run(int first, int count) {
        StringBuilder times = new StringBuilder("ran");
        Iterator<PreparedBatch> ahead = new Ahead<>(IntStream.range(first, first + count)
                .mapToObj(index -> session.prepare(batches.get(index % batches.size())))
                .iterator());
        for (int step = 0; step < count; step++) {
            long begin = System.nanoTime();
            session.step(ahead.next(), LEARNING_RATE);
            times.append(String.format(Locale.ROOT, " %.3f", (System.nanoTime() - begin) / 1e6));
        }
        return times.toString();
    }

    /** Linux's high-water mark of the whole process, heap and native memory; 0 where there is none. */
    private static String peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "peak 0";
        }
        String line = Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        return "peak " + Long.parseLong(line.replaceAll("\\D", "")) / 1024;
    }

    private static VocabularySubset vocabulary(String file, Architecture architecture) throws IOException {
        if (file.equals("whole")) {
            return VocabularySubset.whole(architecture);
        }
        BitSet ids = new BitSet(architecture.vocabSize());
        json(Path.of(file)).forEach(id -> ids.set(id.asInt()));
        return new VocabularySubset(ids, architecture);
    }

    private static Batch batch(JsonNode json) {
        JsonNode ids = json.get("input_ids");
        long[] labels = json.get("labels").valueStream().mapToLong(JsonNode::asLong).toArray();
        return Batch.of(
                ids.size(),
                ids.get(0).size(),
                flat(ids),
                flat(json.get("attention_mask")),
                flat(json.get("token_type_ids")),
                labels,
                IntStream.range(0, ids.size()).toArray());
    }

    private static long[] flat(JsonNode rows) {
        return rows.valueStream()
                .flatMap(JsonNode::valueStream)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static void delete(Path folder) {
        for (File file : folder.toFile().listFiles()) {
            file.delete();
        }
        folder.toFile().delete();
    }
}

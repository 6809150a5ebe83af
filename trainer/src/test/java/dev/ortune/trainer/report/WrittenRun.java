package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The files of a run as {@code ortune train} writes them, with predictions drawn at random: right more often than not, the
 * more often the surer they are.
 *
 * @param folder where they are
 * @param seed of what is drawn
 */
public record WrittenRun(Path folder, long seed) {
    public static final List<String> TWO = List.of("unacceptable", "acceptable");
    public static final List<String> THREE = List.of("no", "maybe", "yes");

    /** A sentence that is no markup, though it looks like it. */
    public static final String NASTY =
            "</script><script>document.title='broken'</script> <b>\"x\"</b> & `y|z` \u2028 end";

    public static final int TEST = 516;
    private static final int VALIDATION = 200;
    private static final int STEPS = 300;
    private static final int EVALUATIONS = 4;
    private static final int LONGEST = 40;
    private static final int MAX_LENGTH = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A whole run. */
    public static WrittenRun complete(Path folder, long seed, List<String> labels) {
        return new WrittenRun(folder, seed)
                .arguments(labels)
                .history(STEPS, true)
                .lengths()
                .predictions("validation", VALIDATION, labels)
                .predictions("test", TEST, labels);
    }

    /** One whose process was killed between two evaluations, in the midst of a line. */
    public static WrittenRun killed(Path folder, long seed) {
        WrittenRun run = new WrittenRun(folder, seed)
                .arguments(TWO)
                .history(STEPS / 2, false)
                .lengths();
        return run.append("metrics.jsonl", "{\"epoch\":2.01,\"st");
    }

    public WrittenRun arguments(List<String> labels) {
        ObjectNode json = JSON.createObjectNode();
        json.put("pretrained", "models/pretrained/minilm-l6");
        json.putObject("pretrained_source")
                .put("source", "sentence-transformers/all-MiniLM-L6-v2")
                .put("licence", "Apache-2.0")
                .put("language", "en");
        ObjectNode data = json.putObject("data");
        data.putObject("train")
                .put("file", "my data/train.tsv")
                .put("examples", 2400)
                .put("sha256", "ab".repeat(32));
        data.putObject("validation").put("file", "my data/train.tsv").put("examples", VALIDATION);
        data.putObject("test").put("file", "test.tsv").put("examples", TEST).put("sha256", "cd".repeat(32));
        data.put("validation_split", 0.1).put("split_seed", 2018).put("limit", 0);
        labels.forEach(data.putArray("label_names")::add);
        json.put("num_train_epochs", EVALUATIONS)
                .put("per_device_train_batch_size", 32)
                .put("learning_rate", 2e-5);
        json.put("max_grad_norm", 1.0)
                .put("seed", seed)
                .put("max_length", MAX_LENGTH)
                .put("precision", "fp32");
        json.putObject("versions")
                .put("ortune", "0.1.0")
                .put("onnxruntime", "1.24.1")
                .put("java", "17");
        json.putObject("hardware")
                .put("device", "cpu")
                .put("cpu", "Abacus")
                .put("cores", 4)
                .put("threads", 2);
        return write("training_args.json", json.toPrettyString());
    }

    /** Steps, evaluations in equal distances, and the end where it got there. */
    public WrittenRun history(int steps, boolean end) {
        Random random = new Random(seed);
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            double epoch = (double) EVALUATIONS * step / STEPS;
            ObjectNode json = JSON.createObjectNode().put("epoch", epoch).put("step", step);
            json.put("loss", 0.3 + 0.4 * Math.exp(-step / 90.0) + 0.05 * random.nextGaussian());
            json.put("learning_rate", 2e-5 * Math.min(step / 30.0, (STEPS - step) / 270.0));
            lines.append(json.put("grad_norm", 1 + 0.3 * random.nextGaussian())).append('\n');
            if (step % (STEPS / EVALUATIONS) == 0) {
                lines.append(evaluation(step, epoch)).append('\n');
            }
        }
        if (end) {
            lines.append("{\"epoch\":4.0,\"step\":300,\"train_loss\":0.4,\"train_runtime\":120.5,"
                    + "\"train_samples_per_second\":80.5,\"stopped_early\":false}\n");
        }
        return write("metrics.jsonl", lines.toString());
    }

    private static ObjectNode evaluation(int step, double epoch) {
        double good = 1 - Math.exp(-step / 150.0);
        return JSON.createObjectNode()
                .put("epoch", epoch)
                .put("step", step)
                .put("train_loss", 0.6 - 0.2 * good)
                .put("eval_loss", 0.65 - 0.2 * good)
                .put("eval_accuracy", 0.6 + 0.2 * good)
                .put("eval_f1", 0.7 + 0.2 * good)
                .put("eval_mcc", 0.5 * good)
                .put("best", true);
    }

    public WrittenRun lengths() {
        ObjectNode json = JSON.createObjectNode();
        for (String set : List.of("train", "validation", "test")) {
            ObjectNode counts = json.putObject(set);
            for (int length = 4; length <= LONGEST; length++) {
                counts.put(String.valueOf(length), 1 + 400 / (4 + Math.abs(length - 11)));
            }
        }
        return write("token_lengths.json", json.toString());
    }

    /** So many rows, of three sources; the first sentence is {@link #NASTY}. */
    public WrittenRun predictions(String set, int rows, List<String> labels) {
        Random random = new Random(seed + set.length());
        StringBuilder text = new StringBuilder("sentence");
        labels.forEach(label -> text.append("\tlogit_").append(label));
        labels.forEach(label -> text.append("\tprobability_").append(label));
        text.append("\tprediction\tlabel\tsource\ttokens\n");
        String logits = "";
        for (int i = 0; i < rows; i++) {
            int label = random.nextInt(3) == 0 ? 0 : labels.size() - 1 - random.nextInt(labels.size() - 1);
            text.append(i == 0 ? NASTY : "the " + set + " sentence " + i + " .");
            // Some have the very logits of the one before: equal scores share a threshold.
            logits = i % 10 == 9 ? logits : logits(random, label, labels.size());
            text.append(logits).append("\t0.5".repeat(labels.size()));
            text.append("\tnot read\t").append(labels.get(label));
            text.append('\t').append(List.of("bc01", "c_13", "gj04").get(random.nextInt(3)));
            text.append('\t').append(4 + random.nextInt(LONGEST - 3)).append('\n');
        }
        return write("predictions_" + set + ".tsv", text.toString());
    }

    private static String logits(Random random, int label, int labels) {
        StringBuilder cells = new StringBuilder();
        for (int other = 0; other < labels; other++) {
            double logit = random.nextGaussian() + (other == label ? 1 : 0);
            cells.append(String.format(Locale.ROOT, "\t%.6f", logit));
        }
        return cells.toString();
    }

    public WrittenRun write(String name, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public WrittenRun append(String name, String text) {
        try {
            return write(name, Files.readString(folder.resolve(name)) + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

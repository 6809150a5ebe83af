package dev.ortune.trainer.cli;

import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.inference.Classifier;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ortune quickstart}: everything once, small enough for a coffee break. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Pull a small model, fine-tune it on the built-in set, measure it and ask it about three sentences.")
public final class QuickstartCommand implements Callable<Integer> {
    private static final String PRETRAINED = "minilm-l6";
    private static final List<String> TRAINING =
            List.of("--epochs", "6", "--learning-rate", "1.5e-4", "--batch-size", "32", "--overwrite");
    private static final List<String> SENTENCES =
            List.of("we no go to the market .", "we do not go to the market .", "the dogs in the garden was barking .");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path out = Folders.models().resolve("quickstart");
        if (!Files.exists(Folders.models().resolve("pretrained").resolve(PRETRAINED))) {
            int exit = run(List.of("pull", PRETRAINED));
            if (exit != 0) {
                return exit;
            }
        }
        List<String> train = new ArrayList<>(List.of("train", "--pretrained", PRETRAINED));
        train.addAll(List.of("--train", "builtin", "--out", out.toString()));
        train.addAll(TRAINING);
        int exit = run(train);
        exit = exit == 0 ? run(List.of("evaluate", out.toString(), "--data", "builtin:test")) : exit;
        if (exit == 0) {
            verdicts(out);
        }
        return exit;
    }

    /** Runs a command as if it had been typed, and shows it. */
    private int run(List<String> command) {
        CommandLine ortune = spec.commandLine().getParent();
        PrintWriter out = spec.commandLine().getOut();
        out.println("$ ortune " + String.join(" ", command));
        out.flush();
        CommandLine fresh = Ortune.commandLine().setOut(ortune.getOut()).setErr(ortune.getErr());
        int exit = Ortune.run(fresh, command.toArray(String[]::new));
        out.println();
        out.flush();
        return exit;
    }

    private void verdicts(Path folder) {
        PrintWriter out = spec.commandLine().getOut();
        try (Classifier classifier = Classifier.open(folder, 0);
                TextTokenizer tokenizer = TextTokenizer.load(folder, classifier.maxLength(0))) {
            List<Example> examples = SENTENCES.stream()
                    .map(text -> new Example(text, null, 0, ""))
                    .toList();
            Dataset set = new Dataset("three sentences", examples, classifier.labels());
            EncodedDataset encoded = EncodedDataset.encode(set, example -> tokenizer.encode(example.text(), null));
            Predictions predictions = classifier.predict(encoded, tokenizer.padId(), SENTENCES.size(), batch -> {});
            for (int i = 0; i < SENTENCES.size(); i++) {
                out.println(verdict(predictions, i, classifier.labels().names()));
            }
        }
        out.flush();
    }

    private static String verdict(Predictions predictions, int i, List<String> labels) {
        int label = predictions.prediction(i);
        double percent = 100 * predictions.probabilities(i)[label];
        return String.format(Locale.ROOT, "%-40s %s (%.1f %%)", SENTENCES.get(i), labels.get(label), percent);
    }
}

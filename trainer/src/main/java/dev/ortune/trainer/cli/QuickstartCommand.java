package dev.ortune.trainer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ortune quickstart}: everything once, small enough for a coffee break. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = "Pull a small model, fine-tune it on the built-in set, measure it, export it, serve it and ask it"
                + " about three sentences.")
public final class QuickstartCommand implements Callable<Integer> {
    private static final String PRETRAINED = "minilm-l6";
    private static final List<String> TRAINING =
            List.of("--epochs", "4", "--learning-rate", "2e-4", "--batch-size", "32", "--overwrite");
    private static final List<String> SENTENCES =
            List.of("we no go to the market .", "we do not go to the market .", "the boys near the house was tired .");

    @Spec
    private CommandSpec spec;

    @Option(names = "--no-serve", description = "Stop the server once it has answered.")
    private boolean noServe;

    @Override
    public Integer call() {
        Path model = Folders.models().resolve("quickstart");
        boolean pulled = Files.exists(Folders.models().resolve("pretrained").resolve(PRETRAINED));
        int exit = pulled ? 0 : run(List.of("pull", PRETRAINED));
        exit = exit == 0 ? run(train(model)) : exit;
        exit = exit == 0 ? run(List.of("evaluate", model.toString(), "--data", "builtin:test")) : exit;
        exit = exit == 0 ? export(model) : exit;
        return exit == 0 ? serve(model) : exit;
    }

    private static List<String> train(Path model) {
        List<String> command = new ArrayList<>(List.of("train", "--pretrained", PRETRAINED));
        command.addAll(List.of("--train", "builtin", "--out", model.toString()));
        command.addAll(TRAINING);
        return command;
    }

    /** A file that did not pass is left out, and no reason to serve none of the others. */
    private int export(Path model) {
        String data = model.resolve("predictions_test.tsv").toString();
        int exit = launch(List.of("export", model.toString(), "--precision", "fp32,int8", "--data", data));
        if (exit != Failures.FAILED || !isExported(model.resolve("onnx"))) {
            return exit;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Not all files were exported; going on with those that were.");
        out.println();
        return 0;
    }

    private static boolean isExported(Path folder) {
        if (!Files.exists(folder.resolve("export.json"))) {
            return false;
        }
        try (DirectoryStream<Path> models = Files.newDirectoryStream(folder, "*.onnx")) {
            return models.iterator().hasNext();
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Runs a command of this module as if it had been typed, and shows it. */
    private int run(List<String> command) {
        CommandLine ortune = spec.commandLine().getParent();
        show(command);
        CommandLine fresh = Ortune.commandLine().setOut(ortune.getOut()).setErr(ortune.getErr());
        int exit = Ortune.run(fresh, command.toArray(String[]::new));
        spec.commandLine().getOut().println();
        return exit;
    }

    /** Runs a command of another module. */
    private int launch(List<String> command) {
        show(command);
        PrintWriter out = spec.commandLine().getOut();
        Process process = Launcher.start(command);
        Launcher.copyOutput(process, out);
        int exit = Launcher.await(process);
        out.println();
        return exit;
    }

    private int serve(Path model) {
        PrintWriter out = spec.commandLine().getOut();
        show(List.of("serve", model.toString(), "--port", "0"));
        try (LocalServer server = LocalServer.start(model, out)) {
            out.println();
            List<JsonNode> verdicts = server.verdicts(SENTENCES);
            for (int i = 0; i < SENTENCES.size(); i++) {
                out.println(verdict(SENTENCES.get(i), verdicts.get(i).path(0)));
            }
            out.println();
            out.println(noServe ? "Stopping the server." : "Try it at " + server.address() + " (Ctrl-C stops it)");
            out.flush();
            return noServe ? 0 : server.await(out);
        }
    }

    private void show(List<String> command) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("$ ortune " + String.join(" ", command));
        out.flush();
    }

    private static String verdict(String sentence, JsonNode likeliest) {
        double percent = 100 * likeliest.path("score").asDouble();
        String label = likeliest.path("label").asText();
        return String.format(Locale.ROOT, "%-40s %s (%.1f %%)", sentence, label, percent);
    }
}

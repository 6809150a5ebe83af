package dev.ortune.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.model.EncodedText;
import dev.ortune.server.model.InferenceOptions;
import dev.ortune.server.model.ModelFolder;
import dev.ortune.server.model.Prediction;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.TextInput;
import dev.ortune.server.model.Truncation;
import dev.ortune.server.model.VersionFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune predict models/NAME "TEXT"}: what a model says, without a server. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Ask an exported model about texts: arguments, a file, or standard input, a line each.")
public final class PredictCommand implements Callable<Integer> {
    private static final int BATCH = 32;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of the model, such as models/NAME.")
    private String model;

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "Texts; without any, standard input is read.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the texts from a file, one a line.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object a text.")
    private boolean json;

    @Mixin
    private ModelOptions options;

    @Override
    public Integer call() throws IOException {
        List<String> all = texts();
        InferenceOptions inference = options.inference(spec);
        PrintWriter out = spec.commandLine().getOut();
        try (ServedModel served = ServedModel.open(VersionFolder.newestIn(Folders.model(model)), inference)) {
            for (int start = 0; start < all.size(); start += BATCH) {
                List<String> part = all.subList(start, Math.min(start + BATCH, all.size()));
                List<EncodedText> encoded =
                        served.encode(part.stream().map(TextInput::of).toList(), Truncation.RIGHT);
                List<CompletableFuture<Prediction>> answers = served.submit(encoded);
                for (int i = 0; i < part.size(); i++) {
                    out.println(line(part.get(i), served.info(), answers.get(i).join()));
                }
                out.flush();
            }
        }
        return 0;
    }

    private List<String> texts() throws IOException {
        if (!texts.isEmpty()) {
            return texts;
        }
        try {
            String input = file == null
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file);
            List<String> lines = input.lines().filter(line -> !line.isBlank()).toList();
            if (lines.isEmpty()) {
                throw new OrtuneException((file == null ? "standard input" : file) + ": holds no texts");
            }
            return lines;
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new OrtuneException(file + ": is not UTF-8 text", e);
        }
    }

    private String line(String text, ModelFolder folder, Prediction prediction) {
        double[] shares = folder.multiLabel() ? prediction.sigmoid() : prediction.softmax();
        int best = prediction.best();
        if (!json) {
            String name = folder.labels().get(best);
            return String.format(Locale.ROOT, "%s %5.1f %%  %s", name, 100 * shares[best], text);
        }
        ObjectNode object = new ObjectMapper().createObjectNode().put("text", text);
        object.put("label", folder.labels().get(best)).put("score", shares[best]);
        ObjectNode all = object.putObject("scores");
        for (int label = 0; label < shares.length; label++) {
            all.put(folder.labels().get(label), shares[label]);
        }
        return object.toString();
    }
}

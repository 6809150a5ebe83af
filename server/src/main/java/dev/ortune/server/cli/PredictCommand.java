package dev.ortune.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.model.InferenceOptions;
import dev.ortune.server.model.ModelFolder;
import dev.ortune.server.model.Prediction;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.TextInput;
import dev.ortune.server.model.Truncation;
import dev.ortune.server.model.VersionFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune predict models/NAME "TEXT"}: what a model says, without a server. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Ask an exported model about texts: arguments, a file, or standard input, a line each.")
public final class PredictCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of the model, such as models/NAME.")
    private String model;

    @Parameters(
            index = "1..*",
            paramLabel = "TEXT",
            description = "Texts; without any, standard input is read, a text a line.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the texts from a file, one a line.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object a text.")
    private boolean json;

    @Mixin
    private ModelOptions options;

    @Override
    public Integer call() throws IOException {
        if (file != null && !texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "texts come as arguments or from --file, not both");
        }
        InferenceOptions inference = options.inference(spec);
        try (TextLines lines = TextLines.of(file);
                ServedModel served = ServedModel.open(VersionFolder.newestIn(Folders.model(model)), inference)) {
            int most = inference.batches().maxConcurrentRequests();
            if (texts.isEmpty()) {
                predict(served, lines, most);
            } else {
                for (int start = 0; start < texts.size(); start += most) {
                    predict(served, texts.subList(start, Math.min(start + most, texts.size())));
                }
            }
        }
        return 0;
    }

    private void predict(ServedModel served, TextLines lines, int most) throws IOException {
        List<String> part = lines.next(most);
        if (part.isEmpty()) {
            throw new OrtuneException(lines.name() + ": holds no texts");
        }
        while (!part.isEmpty() && predict(served, part)) {
            part = lines.next(most);
        }
    }

    /**
     * Prints a line each, in their order; which of them run together is the batcher's to say.
     *
     * @return whether somebody still reads
     */
    private boolean predict(ServedModel served, List<String> part) {
        PrintWriter out = spec.commandLine().getOut();
        List<CompletableFuture<Prediction>> answers =
                served.predict(part.stream().map(TextInput::of).toList(), Truncation.RIGHT);
        for (int i = 0; i < part.size(); i++) {
            out.println(line(part.get(i), served, answers.get(i).join()));
        }
        if (texts.size() == 1 && !json) {
            others(served, answers.get(0).join()).forEach(out::println);
        }
        // Standard output keeps a broken pipe to itself.
        return !out.checkError() && !System.out.checkError();
    }

    /** The probabilities of the labels that were not chosen, the likeliest first: of one text there is room for them. */
    private static Stream<String> others(ServedModel served, Prediction prediction) {
        double[] shares = served.shares(prediction);
        return IntStream.range(0, shares.length)
                .filter(label -> label != prediction.best())
                .boxed()
                .sorted(Comparator.comparingDouble(label -> -shares[label]))
                .map(label -> percent(served.info(), label, shares));
    }

    private static String percent(ModelFolder folder, int label, double[] shares) {
        return String.format(Locale.ROOT, "%s %5.1f %%", folder.labels().get(label), 100 * shares[label]);
    }

    private String line(String text, ServedModel served, Prediction prediction) {
        ModelFolder folder = served.info();
        double[] shares = served.shares(prediction);
        int best = prediction.best();
        if (!json) {
            return percent(folder, best, shares) + "  " + text;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("text", text);
        object.put("label", folder.labels().get(best)).put("score", shares[best]);
        ObjectNode all = object.putObject("scores");
        for (int label = 0; label < shares.length; label++) {
            all.put(folder.labels().get(label), shares[label]);
        }
        return object.toString();
    }
}

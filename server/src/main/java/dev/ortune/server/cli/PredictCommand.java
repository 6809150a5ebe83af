package dev.ortune.server.cli;

import dev.ortune.predictor.Answer;
import dev.ortune.predictor.Input;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.Predictor;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.VersionFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    /** Answers to a single question. */
    private static final int MOST_ANSWERS = 3;

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

    @Option(names = "--pairs", description = "Texts are pairs, with a tab between the two.")
    private boolean pairs;

    @Option(
            names = "--jsonl",
            description = "Texts are JSON lines, {\"text\": …} or, for a pair, {\"text\": …, \"text_pair\": …},"
                    + " for a question {\"question\": …, \"context\": …},"
                    + " for choices {\"context\": …, \"choices\": […]};"
                    + " a --file that ends in .jsonl or .ndjson is taken so without it.")
    private boolean jsonLines;

    @Option(
            names = "--adapter",
            paramLabel = "NAME",
            description = "Which one of the adapters of a folder that \"ortune adapter join\" made.")
    private String adapter;

    @Option(names = "--json", description = "Print one JSON object a text.")
    private boolean json;

    @Mixin
    private ModelOptions options;

    @Mixin
    private GenerationOptions generation;

    @Override
    public Integer call() throws IOException {
        if (file != null && !texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "texts come as arguments or from --file, not both");
        }
        if (pairs && jsonLines) {
            throw new ParameterException(spec.commandLine(), "--pairs and --jsonl exclude each other");
        }
        InferenceOptions inference = options.inference(spec);
        VersionFolder version = VersionFolder.in(Folders.model(model), adapter);
        LineForm form = LineForm.of(pairs, jsonLines, file);
        try (TextLines lines = TextLines.of(file);
                Predictor predictor = Predictor.open(version, inference, true, generation.parameters())) {
            int most = inference.batches().maxConcurrentRequests();
            if (texts.isEmpty()) {
                predict(predictor, lines, most, form);
            } else {
                for (int start = 0; start < texts.size(); start += most) {
                    List<String> part = texts.subList(start, Math.min(start + most, texts.size()));
                    predict(predictor, inputs(predictor, form, "texts", start, part));
                }
            }
        }
        return 0;
    }

    private void predict(Predictor predictor, TextLines lines, int most, LineForm form) throws IOException {
        List<String> part = lines.next(most);
        if (part.isEmpty()) {
            throw new OrtuneException(lines.name() + ": holds no texts");
        }
        for (long read = 0; !part.isEmpty(); ) {
            if (!predict(predictor, inputs(predictor, form, lines.name(), read, part))) {
                return;
            }
            read += part.size();
            part = lines.next(most);
        }
    }

    private static List<? extends Input> inputs(
            Predictor predictor, LineForm form, String name, long before, List<String> lines) {
        return predictor.choosesTexts() ? form.choices(name, before, lines) : form.read(name, before, lines);
    }

    /**
     * Prints a line each, in their order; which of them run together is the batcher's to say.
     *
     * @return whether somebody still reads
     */
    private boolean predict(Predictor predictor, List<? extends Input> part) {
        PrintWriter out = spec.commandLine().getOut();
        boolean several = texts.size() == 1 && !json;
        List<CompletableFuture<Answer>> answers = predictor.submit(part, several ? MOST_ANSWERS : 1);
        for (int i = 0; i < part.size(); i++) {
            Answer answer = ended(predictor, answers.get(i));
            out.println(
                    json
                            ? AnswerLines.json(part.get(i), answer)
                            : AnswerLines.line(part.get(i), answer, predictor.task()));
            if (several) {
                AnswerLines.others(answer).forEach(out::println);
            }
        }
        return isRead(out);
    }

    private static Answer ended(Predictor predictor, CompletableFuture<Answer> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RequestException refused) {
                throw new OrtuneException(predictor.name() + ": " + refused.getMessage(), refused);
            }
            throw e;
        }
    }

    /** Standard output keeps a broken pipe to itself. */
    private static boolean isRead(PrintWriter out) {
        return !out.checkError() && !System.out.checkError();
    }
}

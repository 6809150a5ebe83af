package dev.ortune.server.cli;

import dev.ortune.server.OrtuneException;
import dev.ortune.server.Printable;
import dev.ortune.server.batch.Prediction;
import dev.ortune.server.model.InferenceOptions;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.VersionFolder;
import dev.ortune.server.task.Answer;
import dev.ortune.server.task.Choices;
import dev.ortune.server.task.ChosenText;
import dev.ortune.server.task.FillMask;
import dev.ortune.server.task.MultipleChoice;
import dev.ortune.server.task.QuestionAnswering;
import dev.ortune.server.text.TextInput;
import dev.ortune.server.text.Windows;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
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

    /** Tokens of a window, and those that it shares with the next, as transformers' pipeline has them. */
    private static final int WINDOW = 384;

    private static final int STRIDE = 128;

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
        LineForm form = LineForm.of(pairs, jsonLines, file);
        try (TextLines lines = TextLines.of(file);
                ServedModel served = ServedModel.open(chosen(Folders.model(model)), inference)) {
            int most = inference.batches().maxConcurrentRequests();
            if (texts.isEmpty()) {
                predict(served, lines, most, form);
            } else {
                for (int start = 0; start < texts.size(); start += most) {
                    predict(served, form, "texts", start, texts.subList(start, Math.min(start + most, texts.size())));
                }
            }
        }
        return 0;
    }

    private VersionFolder chosen(Path folder) {
        List<VersionFolder> adapters = VersionFolder.adaptersIn(folder);
        if (adapters.isEmpty() && adapter == null) {
            return VersionFolder.newestIn(folder);
        }
        return adapters.stream()
                .filter(each -> each.name().equals(adapter))
                .findFirst()
                .orElseThrow(() -> new OrtuneException(
                        adapters.isEmpty()
                                ? folder + ": has no adapters to choose from"
                                : folder + ": --adapter must be one of "
                                        + adapters.stream()
                                                .map(VersionFolder::name)
                                                .collect(Collectors.joining(", "))));
    }

    private void predict(ServedModel served, TextLines lines, int most, LineForm form) throws IOException {
        List<String> part = lines.next(most);
        if (part.isEmpty()) {
            throw new OrtuneException(lines.name() + ": holds no texts");
        }
        for (long read = 0; !part.isEmpty() && predict(served, form, lines.name(), read, part); ) {
            read += part.size();
            part = lines.next(most);
        }
    }

    private boolean predict(ServedModel served, LineForm form, String name, long before, List<String> lines) {
        return served.info().task() instanceof MultipleChoice choosing
                ? choose(
                        served,
                        choosing,
                        form.choices(name, before, lines),
                        spec.commandLine().getOut())
                : predict(served, form.read(name, before, lines));
    }

    /** A question after the other, all its choices together. */
    private boolean choose(ServedModel served, MultipleChoice choosing, List<Choices> questions, PrintWriter out) {
        boolean several = texts.size() == 1 && !json;
        for (Choices question : questions) {
            List<Prediction> predictions = served.predict(question.pairs(), served.truncation()).stream()
                    .map(CompletableFuture::join)
                    .toList();
            ChosenText answer = choosing.answer(question.choices(), predictions);
            out.println(json ? AnswerLines.json(question, answer) : AnswerLines.line(question, answer));
            if (several) {
                AnswerLines.others(answer).forEach(out::println);
            }
        }
        return isRead(out);
    }

    /**
     * Prints a line each, in their order; which of them run together is the batcher's to say.
     *
     * @return whether somebody still reads
     */
    private boolean predict(ServedModel served, List<TextInput> part) {
        PrintWriter out = spec.commandLine().getOut();
        if (served.info().task().namesTokens() && part.stream().anyMatch(text -> text.pair() != null)) {
            throw new OrtuneException(served.name() + ": classifies tokens of single texts; it takes no pairs");
        }
        if (served.writes()) {
            return write(served, part, out);
        }
        if (served.info().task() instanceof QuestionAnswering answering) {
            return answer(served, answering, part, out);
        }
        if (served.info().task() instanceof FillMask masks) {
            requireMasks(served, masks, part);
        }
        List<CompletableFuture<Prediction>> answers = served.predict(part, served.truncation());
        for (int i = 0; i < part.size(); i++) {
            Answer answer = served.answer(answers.get(i).join());
            out.println(json ? AnswerLines.json(part.get(i), answer) : AnswerLines.line(part.get(i), answer));
        }
        if (texts.size() == 1 && !json) {
            AnswerLines.others(served.answer(answers.get(0).join())).forEach(out::println);
        }
        return isRead(out);
    }

    /** A text after the other, each gone on with. */
    private boolean write(ServedModel served, List<TextInput> part, PrintWriter out) {
        for (TextInput text : part) {
            if (text.pair() != null) {
                throw new OrtuneException(served.name() + ": goes on with single texts; it takes no pairs");
            }
            String added =
                    served.generate(text.text(), generation.parameters()).join().text();
            out.println(json ? AnswerLines.json(text, added) : text.text() + added);
        }
        return isRead(out);
    }

    private static void requireMasks(ServedModel served, FillMask masks, List<TextInput> part) {
        for (TextInput text : part) {
            if (text.pair() != null || !text.text().contains(masks.vocabulary().mask())) {
                throw new OrtuneException(served.name() + ": fills "
                        + masks.vocabulary().mask() + " in single texts, but one is without: "
                        + Printable.of(text.text()));
            }
        }
    }

    /** A question after the other: a long context alone may fill the queue. */
    private boolean answer(ServedModel served, QuestionAnswering answering, List<TextInput> part, PrintWriter out) {
        QuestionAnswering.Choice usual = QuestionAnswering.Choice.USUAL;
        boolean several = texts.size() == 1 && !json;
        QuestionAnswering.Choice choice = new QuestionAnswering.Choice(
                several ? MOST_ANSWERS : 1, usual.maxAnswerLength(), usual.none(), usual.alignToWords());
        int length = Math.min(served.info().maxLength(), WINDOW);
        Windows windows = new Windows(length, Math.min(length / 2, STRIDE));
        for (TextInput question : part) {
            if (question.pair() == null) {
                throw new OrtuneException(served.name()
                        + ": answers questions from contexts; --pairs takes them with a tab between, --jsonl as"
                        + " \"question\" and \"context\"");
            }
            List<Prediction> predictions = served.windows(question, 0, windows).stream()
                    .map(window -> served.submit(List.of(window)).get(0).join())
                    .toList();
            Answer answer = answering.answer(question.pair(), predictions, choice);
            out.println(json ? AnswerLines.json(question, answer) : AnswerLines.line(question, answer));
            if (several) {
                AnswerLines.others(answer).forEach(out::println);
            }
        }
        return isRead(out);
    }

    /** Standard output keeps a broken pipe to itself. */
    private static boolean isRead(PrintWriter out) {
        return !out.checkError() && !System.out.checkError();
    }
}

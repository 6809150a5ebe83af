package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.model.ModuleTree;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.ParameterGroups;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Hardware;
import dev.ortune.trainer.runtime.CudaInstallation;
import dev.ortune.trainer.task.Examples;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.Encoding;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune inspect NAME}: what a model is made of. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Show a model's configuration, modules, parameters and tokens.")
public final class InspectCommand implements Callable<Integer> {
    private static final int DEFAULT_LABELS = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description = "A pretrained model's name, or the folder of any model.")
    private String name;

    @Option(names = "--device", description = "Show the GPU, its driver and libraries, and what is missing.")
    private boolean device;

    @Option(names = "--data", paramLabel = "SPEC", description = "Show this set's first sentence in tokens and ids.")
    private String data;

    @Mixin
    private ColumnOptions columns;

    @Option(
            names = "--labels",
            paramLabel = "N",
            description = "Labels of the head, where the model has none (default: " + DEFAULT_LABELS + ").")
    private int labels = DEFAULT_LABELS;

    @Mixin
    private AdaptationOptions adaptation;

    @Override
    public Integer call() {
        Usage.check(spec, this::validated);
        PrintWriter out = spec.commandLine().getOut();
        if (name != null) {
            model(out);
        }
        out.println("Device");
        Hardware hardware = Hardware.current();
        out.println("  " + hardware.withThreads(hardware.cores()));
        if (device) {
            CudaInstallation.current().lines().forEach(line -> out.println("  " + line));
        }
        out.flush();
        return 0;
    }

    private void model(PrintWriter out) {
        PretrainedModel model = PretrainedModel.load(Folders.any(name));
        Task task = task(model);
        int rows = model.labels(task.head(1, CrossEntropy.PLAIN).lastLayer(model.architecture()));
        Network network = new Network(model.architecture(), task.head(rows > 0 ? rows : labels, CrossEntropy.PLAIN));
        configuration(model, network, task.hasLabels() ? rows : 0, out);
        modules(network, out);
        trained(model, network, out);
        if (data != null) {
            firstExample(model, task, out);
        }
    }

    /** That of a fine-tuned model, else that of the data. */
    private Task task(PretrainedModel model) {
        return Tasks.ofModel(model.configJson())
                .orElseGet(() -> data == null ? new TextClassification() : Tasks.ofData(data, columns.columns(), null));
    }

    private static void configuration(PretrainedModel model, Network network, int rows, PrintWriter out) {
        out.println("Configuration of " + model.folder());
        model.configJson().toPrettyString().lines().forEach(line -> out.println("  " + line));
        out.println();
        out.println("Weights");
        out.println("  " + model.weights().origin());
        if (rows > 0) {
            Path file = model.folder().resolve("config.json");
            out.println("  labels: "
                    + String.join(
                            ", ",
                            ClassifierConfig.labels(file, model.configJson(), rows)
                                    .names()));
        }
        List<String> fresh = network.parameters().stream()
                .map(Parameter::name)
                .filter(parameter -> !model.weights().contains(parameter))
                .toList();
        if (!fresh.isEmpty()) {
            out.println("  not there, so that training begins with new ones: " + String.join(", ", fresh));
        }
        out.println();
    }

    private static void modules(Network network, PrintWriter out) {
        ModuleTree tree = ModuleTree.of(network);
        out.println("Modules and their parameters");
        tree.lines().forEach(line -> out.println("  " + line));
        out.println();
        out.println("Parameter groups");
        ParameterGroups.of(network.parameters()).lines().forEach(line -> out.println("  " + line));
        out.println();
    }

    /** What a run with the same options would train. */
    private void trained(PretrainedModel model, Network network, PrintWriter out) {
        AdaptationArguments asked = Usage.check(spec, adaptation::arguments);
        if (asked.equals(AdaptationArguments.NONE)) {
            return;
        }
        List<String> fresh = model.withFreshHead(network, 0).initialised();
        AdaptationArguments settled = asked.settled(network, fresh);
        // Rates are shares of it.
        Network adapted =
                network.adapted(settled.of(network, settled.headLearningRate() > 0 ? settled.headLearningRate() : 1));
        List<Parameter> all = adapted.sessionParameters();
        List<Parameter> trained =
                all.stream().filter(adapted.adaptation()::trains).toList();
        long count = adapted.trainedElements();
        long whole = all.stream().mapToLong(Parameter::elements).sum();
        out.println("Trained");
        settled.lines().forEach(line -> out.println("  " + line));
        out.println("  " + Format.count(count) + " of " + Format.count(whole) + " parameters, "
                + Format.percent(count, whole));
        trained.forEach(parameter -> out.println("  " + parameter.name() + " "
                + Arrays.toString(parameter.sizes()).replace(" ", "")));
        out.println();
    }

    private void firstExample(PretrainedModel model, Task task, PrintWriter out) {
        Examples examples = task.examples();
        Dataset set = examples.read(data, columns.columns(), null);
        Example first = set.examples().get(0);
        int positions = model.architecture().mostTokens();
        int most = task.hasLabels() ? positions : Math.min(positions, task.maxLength());
        try (TextTokenizer tokenizer = TextTokenizer.load(model.folder(), most, examples.form())) {
            EncodedDataset encoded = examples.encode(new Dataset(set.name(), List.of(first), set.labels()), tokenizer);
            out.println("First " + (task.hasLabels() ? "sentence" : "question") + " of " + set.name());
            out.println("  text    " + first.text() + (first.pair() == null ? "" : " | " + first.pair()));
            for (int row = 0; row < encoded.size(); row++) {
                if (encoded.size() > 1) {
                    out.println("  " + (encoded.together() ? "choice  " : "window  ") + (row + 1) + " of "
                            + encoded.size() + (isRight(first, row) ? ", the right one" : ""));
                }
                sequence(encoded, row, tokenizer, out);
            }
            out.println();
        }
    }

    private static boolean isRight(Example example, int row) {
        return example.target() instanceof Target.Choices choices && choices.right() == row;
    }

    private static void sequence(EncodedDataset encoded, int row, TextTokenizer tokenizer, PrintWriter out) {
        Encoding encoding = encoded.encodings().get(row);
        String[] tokens = tokenizer.tokens(encoding.ids());
        out.println("  tokens  " + String.join(" ", tokens));
        out.println("  ids     "
                + Arrays.stream(encoding.ids()).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
        if (encoded.together()) {
            return;
        }
        Labels labels = encoded.dataset().labels();
        encoded.targets().forEach((name, targets) -> {
            Array collated = targets.collate(new int[] {row}, encoding.length());
            out.println(String.format("  %-7s ", name)
                    + (labels.count() > 0 ? names(collated, labels) : place(collated.longs()[0], tokens)));
        });
    }

    /** A place among the tokens, and which one stands there. */
    private static String place(long place, String[] tokens) {
        return place + ", " + tokens[(int) place];
    }

    /** Labels by name, a dash where there is none; a number as it is. */
    private static String names(Array targets, Labels labels) {
        if (targets.data() instanceof float[] numbers && targets.shape().length == 1) {
            return Float.toString(numbers[0]);
        }
        if (targets.data() instanceof float[] given) {
            String names = IntStream.range(0, given.length)
                    .filter(label -> given[label] > 0)
                    .mapToObj(labels.names()::get)
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "-" : names;
        }
        return Arrays.stream(targets.longs())
                .mapToObj(id -> id < 0 ? "-" : labels.names().get((int) id))
                .collect(Collectors.joining(" "));
    }

    private Boolean validated() {
        if (name == null && !device) {
            throw new OrtuneException("Missing required parameter: 'MODEL'");
        }
        if (labels < 1) {
            throw new OrtuneException("--labels must be at least 1, not " + labels);
        }
        return true;
    }
}

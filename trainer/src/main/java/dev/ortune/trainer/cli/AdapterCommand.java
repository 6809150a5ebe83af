package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.adaptation.AdapterSum;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.training.AdapterJoin;
import dev.ortune.trainer.training.AdapterMerge;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune adapter …}: what can be done with low-rank updates once they are trained, by Ortune or by peft. */
@Command(
        name = "adapter",
        mixinStandardHelpOptions = true,
        description = "List, merge, add up and join adapters (LoRA), of Ortune's or peft's.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AdapterCommand.ListAll.class,
            AdapterCommand.Merge.class,
            AdapterCommand.Add.class,
            AdapterCommand.Join.class
        })
final class AdapterCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    /** The folder of an adapter: itself, or the one in a trained model's. */
    static Path folder(Path named) {
        Path inside = named.resolve("adapter");
        return !Files.exists(named.resolve(AdapterFiles.CONFIG)) && Files.exists(inside.resolve(AdapterFiles.CONFIG))
                ? inside
                : named;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Show the adapters in a folder and below.")
    static final class ListAll implements Callable<Integer> {
        private static final int DEPTH = 4;

        @Spec
        private CommandSpec spec;

        @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where to look (default: models).")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            Path top = folder == null ? Folders.models() : folder;
            if (!Files.isDirectory(top)) {
                throw new OrtuneException(top + ": there is no such folder");
            }
            PrintWriter out = spec.commandLine().getOut();
            List<Path> found;
            try (Stream<Path> files = Files.walk(top, DEPTH)) {
                found = files.filter(file -> file.getFileName().toString().equals(AdapterFiles.CONFIG))
                        .map(Path::getParent)
                        .sorted()
                        .toList();
            }
            for (Path adapter : found) {
                try {
                    AdapterFiles files = AdapterFiles.read(adapter);
                    long count = files.weights().all().stream()
                            .mapToLong(Tensor::elements)
                            .sum();
                    out.println(adapter + ": rank " + files.lora().rank() + ", "
                            + files.lora().targets() + ", "
                            + Format.count(count) + " parameters, of "
                            + (files.base().isEmpty() ? "a model that it does not name" : files.base()));
                } catch (OrtuneException e) {
                    out.println(e.getMessage());
                }
            }
            if (found.isEmpty()) {
                out.println("There is no adapter in " + top + "; \"ortune train --lora\" makes one");
            }
            out.flush();
            return 0;
        }
    }

    @Command(
            name = "merge",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Make a model out of another one and an adapter, to be exported and served as any.")
    static final class Merge implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "ADAPTER", description = "The adapter's folder.")
        private Path adapter;

        @Option(
                names = "--pretrained",
                paramLabel = "NAME|DIR",
                description = "The model that it is of (default: the one that it names).")
        private String pretrained;

        @Option(
                names = "--label-names",
                paramLabel = "NAME",
                split = ",",
                description = "Names of its labels (default: those of the model, or LABEL_0,LABEL_1).")
        private List<String> labelNames;

        @Option(
                names = "--max-length",
                paramLabel = "N",
                description = "Tokens of a text, the rest is cut off (default: ${DEFAULT-VALUE}).")
        private int maxLength = 128;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the new model.")
        private Path out;

        @Override
        public Integer call() {
            Path folder = folder(adapter);
            String base = pretrained == null ? AdapterFiles.read(folder).base() : pretrained;
            if (base.isEmpty()) {
                throw new OrtuneException(
                        folder.resolve(AdapterFiles.CONFIG) + ": names no model; --pretrained says which it is of");
            }
            Labels labels = labelNames == null ? null : new Labels(labelNames);
            new AdapterMerge(Folders.pretrained(base), folder, labels, maxLength, out).run();
            spec.commandLine().getOut().println(out + ": " + base + " with " + folder);
            spec.commandLine().getOut().flush();
            return 0;
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Make one adapter out of several of the same model: the weighted sum of their updates.")
    static final class Add implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(arity = "2..*", paramLabel = "ADAPTER", description = "Folders of adapters of the same layers.")
        private List<Path> adapters;

        @Option(
                names = "--weights",
                paramLabel = "X",
                split = ",",
                description = "What each is multiplied by (default: all the same, 1 together).")
        private List<Double> weights;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the new adapter.")
        private Path out;

        @Override
        public Integer call() throws IOException {
            if (Files.exists(out)) {
                throw new OrtuneException(out + ": exists already");
            }
            List<Double> shares =
                    weights == null ? Collections.nCopies(adapters.size(), 1.0 / adapters.size()) : weights;
            List<AdapterFiles> read = adapters.stream()
                    .map(adapter -> AdapterFiles.read(folder(adapter)))
                    .toList();
            AdapterFiles sum = new AdapterSum(read, shares).sum();
            try (StagedFolder staged = StagedFolder.of(out, "adding")) {
                staged.clear();
                sum.write(staged.folder(), folder(adapters.get(0)));
                staged.publish();
            }
            spec.commandLine().getOut().println(out + ": rank " + sum.lora().rank());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }

    @Command(
            name = "join",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description =
                    "Make one folder of several models with adapters of the same base, to be exported and served with the"
                            + " base in memory once.")
    static final class Join implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "MODEL", description = "Folders of models that train --lora made.")
        private List<String> models;

        @Option(
                names = "--pretrained",
                paramLabel = "NAME|DIR",
                description = "The model that all began with (default: the one that the first names).")
        private String pretrained;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the new model.")
        private Path out;

        @Override
        public Integer call() {
            List<Path> folders = models.stream().map(Folders::model).toList();
            folders.forEach(AdapterJoin::requireAdapter);
            String base = pretrained == null
                    ? AdapterFiles.read(folder(folders.get(0))).base()
                    : pretrained;
            new AdapterJoin(Folders.pretrained(base), folders, out).run();
            spec.commandLine().getOut().println(out + ": " + folders.size() + " adapters of " + base);
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}

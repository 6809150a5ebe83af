package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.output.ReportFiles;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.Sweep;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune report models/NAME}: what a run looked like, for people. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Write a run's report: a page, plots and a model card. Of a sweep, or of several models: a page that compares"
                        + " them.",
        footer = {
            "",
            "\"ortune train\" writes the report of its run by itself. A run that was interrupted has one too.",
            "",
            "Examples:",
            "  ortune report models/cola-minilm",
            "  ortune report models/cola-minilm models/cola-bert --out comparison.html",
            "  ortune report models/sweeps/learning-rates"
        })
public final class ReportCommand implements Callable<Integer> {
    private static final String COMPARISON = "comparison.html";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = "Folders of models, such as models/NAME, or of a sweep.")
    private List<String> models;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page; plots go beside it (default: report.html in the model's folder, with README.md;"
                    + " of several models " + COMPARISON + " beside the first).")
    private Path out;

    @Override
    public Integer call() {
        List<Path> folders = models.stream().map(Folders::run).toList();
        ReportFiles files = write(folders);
        PrintWriter writer = spec.commandLine().getOut();
        files.written().forEach(file -> writer.println("written: " + Folders.shortened(file)));
        if (files.keptCard() != null) {
            writer.println(Folders.shortened(files.keptCard()) + " was edited, so it is left as it is");
        }
        writer.flush();
        return 0;
    }

    private ReportFiles write(List<Path> folders) {
        if (folders.size() == 1 && Sweep.isIn(folders.get(0))) {
            return out == null
                    ? ReportFiles.ofSweep(folders.get(0))
                    : ReportFiles.ofSweep(folders.get(0), Usage.check(spec, () -> page(out.toAbsolutePath())));
        }
        if (folders.size() == 1 && out == null) {
            return ReportFiles.intoFolder(folders.get(0), names().get(0));
        }
        List<Run> runs = IntStream.range(0, folders.size())
                .mapToObj(i -> Run.read(folders.get(i), names().get(i)))
                .toList();
        Path page = out == null
                ? folders.get(0).toAbsolutePath().normalize().resolveSibling(COMPARISON)
                : out.toAbsolutePath();
        return ReportFiles.toPage(runs, Usage.check(spec, () -> page(page)));
    }

    /** The models' names; where folders of one name are told apart by their paths, these. */
    private List<String> names() {
        List<String> names = models.stream()
                .map(model -> Path.of(model)
                        .toAbsolutePath()
                        .normalize()
                        .getFileName()
                        .toString())
                .toList();
        return Set.copyOf(names).size() == names.size() ? names : models;
    }

    private static Path page(Path page) {
        if (Files.isDirectory(page)) {
            throw new OrtuneException("--out " + page + " is a folder; it must name a file");
        }
        return page;
    }
}

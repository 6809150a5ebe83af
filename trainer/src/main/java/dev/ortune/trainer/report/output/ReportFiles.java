package dev.ortune.trainer.report.output;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.report.card.CardFile;
import dev.ortune.trainer.report.card.ModelCard;
import dev.ortune.trainer.report.html.RunReport;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.Fonts;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.statistics.Scores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what a person looks at.
 *
 * @param written the files that were written, the page first
 * @param keptCard a model card that somebody edited, so that it was left alone; null where there was none
 */
public record ReportFiles(List<Path> written, Path keptCard) {
    /** The page's name in a model's folder. */
    public static final String PAGE = "report.html";

    private static final String CARD = "README.md";

    public ReportFiles {
        written = List.copyOf(written);
    }

    /** Writes a model's page, plots and card into its folder. */
    public static ReportFiles intoFolder(Path folder, String name) {
        Fonts.require();
        Run run = Run.read(folder, name);
        List<Path> written = write(RunReport.of(run), folder.resolve(PAGE), "");
        Path card = folder.resolve(CARD);
        Scores scores = run.judged() == null ? null : Scores.of(run.judged());
        if (!CardFile.write(card, new ModelCard(run, scores).markdown())) {
            return new ReportFiles(written, card);
        }
        written.add(card);
        return new ReportFiles(written, null);
    }

    /** Writes a sweep's page and plots into its folder. */
    public static ReportFiles ofSweep(Path folder) {
        return ofSweep(folder, folder.resolve(PAGE), "");
    }

    /** Writes a sweep's page elsewhere, and its plots beside it under the page's name. */
    public static ReportFiles ofSweep(Path folder, Path page) {
        return ofSweep(folder, page, stem(page) + "-");
    }

    private static ReportFiles ofSweep(Path folder, Path page, String prefix) {
        Fonts.require();
        return new ReportFiles(write(RunReport.of(SweepRuns.read(folder)), page, prefix), null);
    }

    /** Writes a page on one run or several, and their plots beside it under the page's name. */
    public static ReportFiles toPage(List<Run> runs, Path page) {
        Fonts.require();
        RunReport report = runs.size() == 1 ? RunReport.of(runs.get(0)) : RunReport.of(runs);
        return new ReportFiles(write(report, page, stem(page) + "-"), null);
    }

    private static String stem(Path page) {
        String name = page.getFileName().toString();
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private static List<Path> write(RunReport report, Path page, String prefix) {
        List<Path> written = new ArrayList<>(List.of(page));
        for (Figure figure : report.figures()) {
            Path file = page.resolveSibling(prefix + figure.name() + ".png");
            figure.writePng(file);
            written.add(file);
        }
        AtomicFile.write(page, report.html().getBytes(StandardCharsets.UTF_8));
        return written;
    }
}

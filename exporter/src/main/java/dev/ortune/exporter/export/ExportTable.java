package dev.ortune.exporter.export;

import dev.ortune.exporter.verify.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an export came to, as a table for the terminal. */
public final class ExportTable {
    private static final List<String> SHAPES = List.of("1x16", "1x128", "32x16", "32x128");

    private ExportTable() {}

    /** The lines: a header and one a file. */
    public static List<String> lines(List<ExportedFile> files) {
        List<List<String>> rows = new ArrayList<>();
        List<String> header =
                new ArrayList<>(List.of("file", "MB", "logits differ", "same verdicts", "accuracy", "MCC"));
        SHAPES.forEach(shape -> header.add(shape + " ms"));
        rows.add(header);
        files.forEach(file -> rows.add(row(file)));
        return aligned(rows);
    }

    private static List<String> row(ExportedFile file) {
        Verification figures = file.verification();
        List<String> row = new ArrayList<>();
        row.add(file.name() + (figures.passed() ? "" : " (failed)"));
        row.add(number("%.1f", file.bytes() / 1e6));
        row.add(number("%.1e", figures.logitDifference()));
        row.add(figures.agreement().inTable());
        row.add(
                figures.accuracy() == null
                        ? "-"
                        : number("%.4f", figures.accuracy().exported()));
        row.add(figures.mcc() == null ? "-" : number("%.4f", figures.mcc().exported()));
        for (String shape : SHAPES) {
            Double latency = file.latency().get(shape);
            row.add(latency == null ? "-" : number("%.1f", latency));
        }
        return row;
    }

    private static String number(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? row.get(i) + blanks : "  " + blanks + row.get(i));
        }
        return line.toString();
    }
}

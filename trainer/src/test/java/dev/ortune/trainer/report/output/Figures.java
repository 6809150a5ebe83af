package dev.ortune.trainer.report.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a predictions file says, worked out from its lines in the plainest way and with nothing of Ortune's: sums over all
 * pairs, thresholds and bins where the program sorts and counts once.
 *
 * @param labels their names
 * @param rows in file order
 */
record Figures(List<String> labels, List<Row> rows) {
    /** One line: its sentence, logits, right label and source. */
    record Row(String sentence, double[] logits, int label, String source) {
        double probability(int label) {
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit);
            }
            return Math.exp(logits[label]) / sum;
        }

        int prediction() {
            int best = 0;
            for (int label = 0; label < logits.length; label++) {
                if (logits[label] > logits[best]) {
                    best = label;
                }
            }
            return best;
        }

        boolean isRight() {
            return prediction() == label;
        }

        double confidence() {
            return probability(prediction());
        }
    }

    record Interval(double low, double high) {}

    static Figures read(Path file) throws IOException {
        String[] lines = Files.readString(file).stripTrailing().split("\n", -1);
        List<String> header = Arrays.asList(lines[0].split("\t", -1));
        List<String> labels = header.stream()
                .filter(name -> name.startsWith("logit_"))
                .map(name -> name.substring("logit_".length()))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (String line : Arrays.copyOfRange(lines, 1, lines.length)) {
            String[] cells = line.split("\t", -1);
            double[] logits = labels.stream()
                    .mapToDouble(label -> Double.parseDouble(cells[header.indexOf("logit_" + label)]))
                    .toArray();
            int source = header.indexOf("source");
            rows.add(new Row(
                    cells[header.indexOf("sentence")],
                    logits,
                    labels.indexOf(cells[header.indexOf("label")]),
                    source < 0 ? "" : cells[source]));
        }
        return new Figures(labels, rows);
    }

    double accuracy() {
        return (double) rows.stream().filter(Row::isRight).count() / rows.size();
    }

    double loss() {
        return rows.stream()
                .mapToDouble(row -> -Math.log(row.probability(row.label)))
                .average()
                .orElseThrow();
    }

    long count(int label, int prediction) {
        return rows.stream()
                .filter(row -> row.label == label && row.prediction() == prediction)
                .count();
    }

    /** Of two labels the textbook's formula; of more Gorodkin's, as the correlation of indicator vectors. */
    double mcc() {
        if (labels.size() == 2) {
            double denominator = Math.sqrt((double) (count(1, 1) + count(0, 1))
                    * (count(1, 1) + count(1, 0))
                    * (count(0, 0) + count(0, 1))
                    * (count(0, 0) + count(1, 0)));
            double numerator = (double) count(1, 1) * count(0, 0) - (double) count(0, 1) * count(1, 0);
            return denominator == 0 ? 0 : numerator / denominator;
        }
        double between = covariance(row -> row.label, Row::prediction);
        double spread = covariance(row -> row.label, row -> row.label) * covariance(Row::prediction, Row::prediction);
        return spread == 0 ? 0 : between / Math.sqrt(spread);
    }

    private double covariance(ToDoubleFunction<Row> first, ToDoubleFunction<Row> second) {
        double sum = 0;
        for (int label = 0; label < labels.size(); label++) {
            int one = label;
            double firstShare = share(first, one);
            double secondShare = share(second, one);
            sum += rows.stream()
                    .mapToDouble(row ->
                            (indicator(first, row, one) - firstShare) * (indicator(second, row, one) - secondShare))
                    .sum();
        }
        return sum;
    }

    private double share(ToDoubleFunction<Row> of, int label) {
        return rows.stream()
                .mapToDouble(row -> indicator(of, row, label))
                .average()
                .orElseThrow();
    }

    private static double indicator(ToDoubleFunction<Row> of, Row row, int label) {
        return of.applyAsDouble(row) == label ? 1 : 0;
    }

    double f1() {
        return labels.size() == 2
                ? f1(1)
                : IntStream.range(0, labels.size())
                        .mapToDouble(this::f1)
                        .average()
                        .orElseThrow();
    }

    private double f1(int label) {
        double right = count(label, label);
        double precision =
                right / rows.stream().filter(row -> row.prediction() == label).count();
        double recall = right / rows.stream().filter(row -> row.label == label).count();
        return 2 * precision * recall / (precision + recall);
    }

    double batchMcc() {
        List<Double> values = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += 32) {
            values.add(new Figures(labels, rows.subList(from, Math.min(rows.size(), from + 32))).mcc());
        }
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    double auc() {
        return mean(this::auc);
    }

    /** Over all pairs of an example with the label and one without. */
    private double auc(int label) {
        double won = 0;
        double pairs = 0;
        for (Row with : rows) {
            for (Row without : rows) {
                if (with.label == label && without.label != label) {
                    double difference = with.probability(label) - without.probability(label);
                    won += difference > 1e-12 ? 1 : difference < -1e-12 ? 0 : 0.5;
                    pairs++;
                }
            }
        }
        return won / pairs;
    }

    double averagePrecision() {
        return mean(this::averagePrecision);
    }

    /** Each example with the label adds the precision at its own score. */
    private double averagePrecision(int label) {
        return rows.stream()
                .filter(row -> row.label == label)
                .mapToDouble(row -> precisionAt(label, row.probability(label)))
                .average()
                .orElseThrow();
    }

    private double precisionAt(int label, double score) {
        List<Row> above = rows.stream()
                .filter(row -> row.probability(label) >= score - 1e-12)
                .toList();
        return (double) above.stream().filter(row -> row.label == label).count() / above.size();
    }

    private double mean(ToDoubleFunction<Integer> figure) {
        return IntStream.range(labels.size() == 2 ? 1 : 0, labels.size())
                .mapToDouble(figure::applyAsDouble)
                .average()
                .orElseThrow();
    }

    double expectedCalibrationError() {
        double error = 0;
        for (int bin = 0; bin < 15; bin++) {
            double from = bin / 15.0;
            double to = (bin + 1) / 15.0;
            List<Row> inside = rows.stream()
                    .filter(row -> row.confidence() > from && row.confidence() <= to)
                    .toList();
            double confidence = inside.stream().mapToDouble(Row::confidence).sum();
            error += Math.abs(inside.stream().filter(Row::isRight).count() - confidence) / rows.size();
        }
        return error;
    }

    Interval accuracyInterval() {
        return interval(Figures::accuracy);
    }

    Interval mccInterval() {
        return interval(Figures::mcc);
    }

    /** The 2.5th and 97.5th percentile over 1,000 samples with replacement, drawn by java.util.Random from seed 2018. */
    private Interval interval(ToDoubleFunction<Figures> figure) {
        Random random = new Random(2018);
        List<Double> values = new ArrayList<>();
        for (int sample = 0; sample < 1000; sample++) {
            List<Row> drawn = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                drawn.add(rows.get(random.nextInt(rows.size())));
            }
            values.add(figure.applyAsDouble(new Figures(labels, drawn)));
        }
        Collections.sort(values);
        return new Interval(percentile(values, 0.025), percentile(values, 0.975));
    }

    private static double percentile(List<Double> sorted, double share) {
        double position = share * (sorted.size() - 1);
        int below = (int) position;
        return sorted.get(below) + (position - below) * (sorted.get(below + 1) - sorted.get(below));
    }

    static String text(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replace('-', '−');
    }

    static String text(double value, Interval interval) {
        return text(value) + " " + text(interval.low) + " to " + text(interval.high);
    }
}

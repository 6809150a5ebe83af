package dev.ortune.trainer.report.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Settings as lines across parallel axes, one an option and the last the score, as SVG in the colours of the page around it. Each line
 * is an element of a list that keyboards reach; what is pointed at stands out and says what it is.
 *
 * @param axes their titles; the last is that of the scores
 * @param lines the best first
 */
public record ParallelCoordinates(List<String> axes, List<Line> lines) {
    private static final int WIDTH = 940;
    private static final int HEIGHT = 360;
    private static final int TOP = 44;
    private static final int BOTTOM = 300;
    private static final int LEFT = 90;
    private static final int RIGHT = 850;
    /** Room around the outermost values of an axis. */
    private static final int MARGIN = 8;

    private static final int MOST_TICKS = 6;
    private static final int LONGEST_TICK = 16;
    /** Values whose greatest is more times the least are on a logarithmic axis. */
    private static final double WIDE = 5;

    private static final MathContext DIGITS = new MathContext(3);

    /**
     * A setting.
     *
     * @param description all of it in a sentence
     * @param values as they are written, {@code [axes - 1]}
     * @param score its place on the last axis
     */
    public record Line(String description, List<String> values, double score) {}

    /** A value on an axis, and its place from 0, the bottom, to 1. */
    private record Tick(String text, double place) {}

    /** As an element for an HTML page. */
    public String svg() {
        List<Scale> scales = new ArrayList<>();
        for (int i = 0; i < axes.size() - 1; i++) {
            int axis = i;
            scales.add(
                    Scale.of(lines.stream().map(line -> line.values().get(axis)).toList()));
        }
        double[] scores = lines.stream().mapToDouble(Line::score).toArray();
        Scale scored = Scale.ofNumbers(scores, false);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class=\"settings\" role=\"list\" aria-label=\"Settings, the best first\" viewBox=\"0 0 %d %d\">",
                WIDTH,
                HEIGHT));
        for (int i = 0; i < axes.size(); i++) {
            axis(svg, i, i < scales.size() ? scales.get(i) : scored);
        }
        // What is drawn last lies above: the best.
        for (int i = lines.size() - 1; i >= 0; i--) {
            line(svg, lines.get(i), i, scales, scored);
        }
        return svg.append("</svg>").toString();
    }

    private double x(int axis) {
        return axes.size() == 1 ? RIGHT : LEFT + (double) (RIGHT - LEFT) * axis / (axes.size() - 1);
    }

    private static double y(double place) {
        return BOTTOM - MARGIN - place * (BOTTOM - TOP - 2 * MARGIN);
    }

    private void axis(StringBuilder svg, int axis, Scale scale) {
        double x = x(axis);
        boolean last = axis == axes.size() - 1;
        String anchor = last ? "start" : "end";
        double side = last ? x + 8 : x - 8;
        svg.append("<g aria-hidden=\"true\">");
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"var(--muted)\"/>",
                x,
                x,
                TOP,
                BOTTOM));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" class=\"title\">%s</text>",
                x,
                TOP - 16,
                escaped(axes.get(axis))));
        for (Tick tick : scale.ticks()) {
            double y = y(tick.place());
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--muted)\"/>",
                    x - 3,
                    x + 3,
                    y,
                    y));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                    side,
                    y + 4,
                    anchor,
                    escaped(shortened(tick.text()))));
        }
        svg.append("</g>");
    }

    private void line(StringBuilder svg, Line line, int rank, List<Scale> scales, Scale scored) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < axes.size(); i++) {
            double place = i < scales.size() ? scales.get(i).place(line.values().get(i)) : scored.place(line.score());
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y(place)));
        }
        String where = points.toString().strip();
        double share = lines.size() == 1 ? 1 : 1 - (double) rank / (lines.size() - 1);
        String colour = rank == 0
                ? "var(--vermilion)"
                : String.format(Locale.ROOT, "color-mix(in srgb, var(--blue) %.0f%%, var(--grid))", 35 + 65 * share);
        String text = escaped(line.description());
        svg.append("<g role=\"listitem\" tabindex=\"0\" class=\"setting\" aria-label=\"")
                .append(text)
                .append("\"><polyline class=\"reach\" points=\"")
                .append(where)
                .append("\"/><polyline class=\"seen\" style=\"stroke: ")
                .append(colour)
                .append("\" points=\"")
                .append(where)
                .append("\"/>");
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"said\" aria-hidden=\"true\" x=\"%d\" y=\"%d\">%s</text></g>",
                0,
                HEIGHT - 16,
                text));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TICK ? text : "…" + text.substring(text.length() - LONGEST_TICK + 1);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Where values are on an axis. */
    private interface Scale {
        double place(String value);

        double place(double value);

        List<Tick> ticks();

        /** Of numbers where all are, else of words. */
        static Scale of(List<String> values) {
            Set<String> different = new LinkedHashSet<>(values);
            double[] numbers = new double[different.size()];
            int i = 0;
            for (String value : different) {
                numbers[i++] = number(value);
            }
            if (!IntStream.range(0, numbers.length).allMatch(n -> Double.isFinite(numbers[n]))) {
                return new Words(List.copyOf(different));
            }
            Numbers scale = ofNumbers(numbers, true);
            return different.size() > MOST_TICKS
                    ? scale
                    : new Numbers(
                            scale.low(),
                            scale.high(),
                            scale.logarithmic(),
                            different.stream()
                                    .map(value -> new Tick(value, scale.place(value)))
                                    .toList());
        }

        static Numbers ofNumbers(double[] values, boolean mayBeLogarithmic) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            boolean logarithmic = mayBeLogarithmic && low > 0 && high / low >= WIDE;
            Numbers bare = new Numbers(low, high, logarithmic, List.of());
            List<Tick> ticks = new ArrayList<>();
            for (int i = 0; i < MOST_TICKS - 1; i++) {
                double place = low == high ? 0.5 : (double) i / (MOST_TICKS - 2);
                double value = bare.at(place);
                ticks.add(new Tick(
                        new BigDecimal(value)
                                .round(DIGITS)
                                .stripTrailingZeros()
                                .toString()
                                .replace("E", "e"),
                        place));
                if (low == high) {
                    break;
                }
            }
            return new Numbers(low, high, logarithmic, ticks);
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }
    }

    private record Words(List<String> words) implements Scale {
        @Override
        public double place(String value) {
            return words.size() == 1 ? 0.5 : 1 - (double) words.indexOf(value) / (words.size() - 1);
        }

        @Override
        public double place(double value) {
            return 0;
        }

        @Override
        public List<Tick> ticks() {
            return words.stream().map(word -> new Tick(word, place(word))).toList();
        }
    }

    private record Numbers(double low, double high, boolean logarithmic, List<Tick> ticks) implements Scale {
        @Override
        public double place(String value) {
            return place(Double.parseDouble(value));
        }

        @Override
        public double place(double value) {
            if (low == high) {
                return 0.5;
            }
            return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        }

        double at(double place) {
            return logarithmic ? low * Math.pow(high / low, place) : low + place * (high - low);
        }
    }
}

package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.statistics.Curve;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Lines, dots and bars over two number axes; bars lie behind lines. */
final class Plot {
    private static final double DOT = 6;
    private static final float[] DASHES = {5, 4};

    /** Share of a bar's room that stays empty. */
    private static final double GAP = 0.12;

    /** Of a lone value, on either side of it. */
    private static final double ROOM = 0.5;

    private final XYSeriesCollection lines = new XYSeriesCollection();
    private final XYIntervalSeriesCollection bars = new XYIntervalSeriesCollection();
    private final XYLineAndShapeRenderer lineRenderer = new XYLineAndShapeRenderer();
    private final XYBarRenderer barRenderer = new XYBarRenderer();
    private final XYPlot plot;

    Plot(String xLabel, String yLabel) {
        this.plot = new XYPlot(lines, Style.axis(xLabel), Style.axis(yLabel), lineRenderer);
        plot.setDataset(1, bars);
        plot.setRenderer(1, barRenderer);
        lineRenderer.setDrawSeriesLineAsPath(true);
        barRenderer.setBarPainter(new StandardXYBarPainter());
        barRenderer.setShadowVisible(false);
        barRenderer.setDrawBarOutline(false);
        barRenderer.setUseYInterval(false);
        Style.apply(plot);
    }

    /** A line; one without a name is left out of the legend. */
    Plot line(String name, Curve curve, Palette colour, double width, double opacity) {
        return line(
                name, curve, colour.color(opacity), new BasicStroke((float) width, BasicStroke.CAP_ROUND, 1), false);
    }

    /** A line of dashes. */
    Plot dashes(String name, Curve curve, Palette colour) {
        return line(name, curve, colour.color(), new BasicStroke(1.2f, BasicStroke.CAP_BUTT, 1, 10, DASHES, 0), false);
    }

    /** A line with a dot at each point. */
    Plot dots(String name, Curve curve, Palette colour) {
        return line(name, curve, colour.color(), new BasicStroke(2f, BasicStroke.CAP_ROUND, 1), true);
    }

    /** A thin line with a dot at each point; one without a name is left out of the legend. */
    Plot faintDots(String name, Curve curve, Palette colour, double opacity) {
        return line(name, curve, colour.color(opacity), new BasicStroke(1.2f, BasicStroke.CAP_ROUND, 1), true);
    }

    /** Dots alone; many of them on one place are darker. */
    Plot cloud(String name, Curve points, Palette colour, double opacity) {
        int index = lines.getSeriesCount();
        line(name, points, colour.color(opacity), new BasicStroke(1), true);
        lineRenderer.setSeriesLinesVisible(index, false);
        return this;
    }

    /**
     * Bars of one colour.
     *
     * @param from left end of each bar's room, {@code [n]}
     * @param width of that room
     * @param heights {@code [n]}
     */
    Plot bars(String name, double[] from, double width, double[] heights, Palette colour, double opacity) {
        XYIntervalSeries series = new XYIntervalSeries(name, false, true);
        double margin = width * GAP / 2;
        for (int i = 0; i < from.length; i++) {
            double left = from[i] + margin;
            double right = from[i] + width - margin;
            series.add((left + right) / 2, left, right, heights[i], Math.min(0, heights[i]), Math.max(0, heights[i]));
        }
        barRenderer.setSeriesPaint(bars.getSeriesCount(), colour.color(opacity));
        bars.addSeries(series);
        return this;
    }

    /** A line down at a value of x, with its name at its left. */
    Plot border(double x, String name, Palette colour) {
        ValueMarker marker = marker(x, name, colour);
        marker.setLabelAnchor(RectangleAnchor.TOP_LEFT);
        marker.setLabelTextAnchor(TextAnchor.TOP_RIGHT);
        plot.addDomainMarker(marker);
        return this;
    }

    Plot xRange(double from, double to) {
        plot.getDomainAxis().setRange(from, to);
        return this;
    }

    Plot yRange(double from, double to) {
        plot.getRangeAxis().setRange(from, to);
        return this;
    }

    Plot yFromZero() {
        ((NumberAxis) plot.getRangeAxis()).setAutoRangeIncludesZero(true);
        return this;
    }

    /** Whole numbers only along x. */
    Plot wholeX() {
        plot.getDomainAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        return this;
    }

    /** Values of y in powers of ten. */
    Plot scientific() {
        Style.scientific((NumberAxis) plot.getRangeAxis());
        return this;
    }

    /** With a legend where there is more than one thing to tell apart. */
    JFreeChart chart() {
        leaveRoom();
        return Style.chart(plot, plot.getLegendItems().getItemCount() > 1);
    }

    /** With a legend in any case. */
    JFreeChart chartWithLegend() {
        leaveRoom();
        return Style.chart(plot, true);
    }

    /** Where all lies on one value the axis would end with it on both sides, and each of its marks would show that value. */
    private void leaveRoom() {
        leaveRoom(plot.getDomainAxis());
        leaveRoom(plot.getRangeAxis());
    }

    private void leaveRoom(ValueAxis axis) {
        Range data = plot.getDataRange(axis);
        if (axis.isAutoRange() && data != null && data.getLength() == 0) {
            double value = data.getCentralValue();
            if (value != 0 && ((NumberAxis) axis).getAutoRangeIncludesZero()) {
                return;
            }
            double room = value == 0 ? 1 : Math.abs(value) * ROOM;
            axis.setRange(value - room, value + room);
        }
    }

    private static ValueMarker marker(double value, String name, Palette colour) {
        ValueMarker marker = new ValueMarker(value, colour.color(), new BasicStroke(1.6f));
        marker.setLabel(name);
        marker.setLabelFont(Style.FONT);
        marker.setLabelPaint(colour.color());
        marker.setLabelBackgroundColor(Palette.PAPER.color(0.75));
        return marker;
    }

    private Plot line(String name, Curve curve, Color colour, BasicStroke stroke, boolean dots) {
        int index = lines.getSeriesCount();
        XYSeries series = new XYSeries(name == null ? " " + index : name, false, true);
        for (int i = 0; i < curve.size(); i++) {
            if (Double.isFinite(curve.y()[i])) {
                series.add(curve.x()[i], curve.y()[i], false);
            }
        }
        lines.addSeries(series);
        lineRenderer.setSeriesPaint(index, colour);
        lineRenderer.setSeriesStroke(index, stroke);
        lineRenderer.setSeriesShape(index, new Ellipse2D.Double(-DOT / 2, -DOT / 2, DOT, DOT));
        lineRenderer.setSeriesShapesVisible(index, dots);
        lineRenderer.setSeriesVisibleInLegend(index, name != null);
        return this;
    }
}

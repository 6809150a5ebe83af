package dev.ortune.trainer.report.plot;

import java.awt.BasicStroke;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** How all plots look: much paper, thin lines, no frames. */
final class Style {
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    private Style() {}

    static NumberAxis axis(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setAutoRangeIncludesZero(false);
        axis.setLabelFont(FONT);
        axis.setTickLabelFont(FONT);
        axis.setLabelPaint(Palette.MUTED.color());
        axis.setTickLabelPaint(Palette.MUTED.color());
        axis.setTickMarksVisible(false);
        axis.setAxisLineVisible(false);
        axis.setNumberFormatOverride(new DecimalFormat("#,##0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        return axis;
    }

    /** Numbers such as 2e-5. */
    static void scientific(NumberAxis axis) {
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        symbols.setExponentSeparator("e");
        axis.setNumberFormatOverride(new Scientific(symbols));
    }

    /** Such numbers, but 0 as it is. */
    private static final class Scientific extends DecimalFormat {
        private static final long serialVersionUID = 1L;

        Scientific(DecimalFormatSymbols symbols) {
            super("0.##E0", symbols);
        }

        @Override
        public StringBuffer format(double number, StringBuffer result, FieldPosition position) {
            return number == 0 ? result.append('0') : super.format(number, result, position);
        }
    }

    static void apply(XYPlot plot) {
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(Palette.GRID.color());
        plot.setRangeGridlineStroke(new BasicStroke(1f));
        plot.setRangeZeroBaselineVisible(true);
        plot.setRangeZeroBaselinePaint(Palette.GRID.color());
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    }

    static JFreeChart chart(XYPlot plot, boolean named) {
        JFreeChart chart = new JFreeChart(null, FONT, plot, false);
        chart.setBackgroundPaint(null);
        chart.setPadding(new RectangleInsets(4, 4, 4, 12));
        if (named) {
            chart.addLegend(legend(plot));
        }
        return chart;
    }

    private static LegendTitle legend(XYPlot plot) {
        LegendTitle legend = new LegendTitle(plot);
        legend.setItemFont(FONT);
        legend.setItemPaint(Palette.INK.color());
        legend.setBackgroundPaint(null);
        legend.setFrame(BlockBorder.NONE);
        legend.setPosition(RectangleEdge.TOP);
        legend.setHorizontalAlignment(HorizontalAlignment.LEFT);
        legend.setItemLabelPadding(new RectangleInsets(2, 2, 2, 14));
        return legend;
    }
}

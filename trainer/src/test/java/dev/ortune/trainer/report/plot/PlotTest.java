package dev.ortune.trainer.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.report.statistics.Curve;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.junit.jupiter.api.Test;

class PlotTest {
    /** As of a run with one evaluation. */
    @Test
    void aLoneDotHasDifferentMarksBesideIt() {
        XYPlot plot = drawn(new double[] {1}, new double[] {0.25});
        assertThat(plot.getDomainAxis().getRange()).isEqualTo(new Range(0.5, 1.5));
        assertThat(plot.getRangeAxis().getRange()).isEqualTo(new Range(0.125, 0.375));
    }

    @Test
    void aLoneDotAtZeroHasRoomToo() {
        assertThat(drawn(new double[] {0}, new double[] {-3}).getDomainAxis().getRange())
                .isEqualTo(new Range(-1, 1));
        assertThat(drawn(new double[] {0}, new double[] {-3}).getRangeAxis().getRange())
                .isEqualTo(new Range(-4.5, -1.5));
    }

    @Test
    void anAxisFromZeroBeginsThere() {
        XYPlot plot = (XYPlot) new Plot("epoch", "loss")
                .yFromZero()
                .dots("a", new Curve(new double[] {1}, new double[] {0.5}), Palette.MUTED)
                .chart()
                .getPlot();
        assertThat(plot.getRangeAxis().getRange().contains(0)).isTrue();
        assertThat(plot.getRangeAxis().getRange().contains(0.5)).isTrue();
    }

    @Test
    void dotsApartKeepTheirOwnRange() {
        XYPlot plot = drawn(new double[] {1, 2}, new double[] {0.4, 0.6});
        assertThat(plot.getDomainAxis().getRange().getLength()).isBetween(1.0, 1.2);
        assertThat(plot.getRangeAxis().getRange().getLength()).isBetween(0.2, 0.25);
    }

    @Test
    void aRangeThatWasSetStays() {
        Plot plot = new Plot("recall", "precision").xRange(0, 1).yRange(0, 2);
        XYPlot drawn = (XYPlot) plot.dots("a", new Curve(new double[] {1}, new double[] {1}), Palette.MUTED)
                .chart()
                .getPlot();
        assertThat(drawn.getDomainAxis().getRange()).isEqualTo(new Range(0, 1));
        assertThat(drawn.getRangeAxis().getRange()).isEqualTo(new Range(0, 2));
    }

    private static XYPlot drawn(double[] x, double[] y) {
        return (XYPlot) new Plot("epoch", "score")
                .dots("a", new Curve(x, y), Palette.MUTED)
                .chart()
                .getPlot();
    }
}

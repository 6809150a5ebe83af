package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.plot.Figure;

/** A figure on a page. */
record Drawing(String title, String svg, boolean wide, String caption) {
    private static final int WIDE = 600;

    static Drawing of(Figure figure) {
        return of(figure, "");
    }

    static Drawing of(Figure figure, String caption) {
        return new Drawing(figure.title(), figure.svg(), figure.width() > WIDE, caption);
    }
}

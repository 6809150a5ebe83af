package dev.ortune.trainer.report.plot;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The colours of a report by what they are for, each for light and for dark surroundings. Those of the series are Okabe
 * and Ito's, which people with any kind of colour vision can tell apart, darkened or lightened until they stand out.
 */
public enum Palette {
    PAPER(0xfdfdfe, 0x1c2027),
    INK(0x1d2430, 0xe8eaee),
    MUTED(0x5b6472, 0xa3abb8),
    GRID(0xe1e4ea, 0x343b46),
    BLUE(0x0072b2, 0x5ab4f0),
    VERMILION(0xd05400, 0xff9350),
    GREEN(0x00855f, 0x3ccfa0),
    PURPLE(0xb0527f, 0xf0a3cb),
    AMBER(0xa87200, 0xf6c14b),
    SKY(0x2d8fc4, 0x9ad4ff);

    private static final Palette[] SERIES = {BLUE, VERMILION, GREEN, PURPLE, AMBER, SKY};

    private final int light;
    private final int dark;

    Palette(int light, int dark) {
        this.light = light;
        this.dark = dark;
    }

    /** The colour of the n-th of several lines, counted from 0. */
    public static Palette series(int n) {
        return SERIES[n % SERIES.length];
    }

    /** In light surroundings. */
    Color color() {
        return new Color(light);
    }

    /** The same, so opaque: from 0 to 1. */
    Color color(double opacity) {
        return new Color(color().getRed(), color().getGreen(), color().getBlue(), (int) Math.round(255 * opacity));
    }

    /** The CSS variable that holds it. */
    public String variable() {
        return "--" + name().toLowerCase(Locale.ROOT);
    }

    /** As Batik writes the light colour. */
    String rgb() {
        return "rgb(" + color().getRed() + "," + color().getGreen() + "," + color().getBlue() + ")";
    }

    /** CSS that sets all variables for light or for dark surroundings. */
    public static String css(boolean darkSurroundings) {
        return Arrays.stream(values())
                .map(colour -> String.format(
                        Locale.ROOT, "%s: #%06x;", colour.variable(), darkSurroundings ? colour.dark : colour.light))
                .collect(Collectors.joining(" "));
    }
}

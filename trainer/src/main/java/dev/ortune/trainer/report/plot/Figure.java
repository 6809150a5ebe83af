package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.AtomicFile;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;

/**
 * One plot of a report.
 *
 * @param name its PNG file's, without the suffix
 * @param title what stands above it
 * @param description the same in a sentence, for those who cannot see it
 * @param chart what is drawn, without a title
 * @param width in CSS pixels
 * @param height in CSS pixels
 */
public record Figure(String name, String title, String description, JFreeChart chart, int width, int height) {
    /** Pixels of the PNG file a CSS pixel: sharp on any screen. */
    private static final int SCALE = 2;

    /** As an element for an HTML page that sets {@link Palette}'s variables. */
    public String svg() {
        return Svg.of(this);
    }

    /** Writes it on light paper. */
    public void writePng(Path file) {
        BufferedImage image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Palette.PAPER.color());
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(SCALE, SCALE);
        chart.draw(graphics, area());
        graphics.dispose();
        AtomicFile.write(file, png(image));
    }

    Rectangle2D area() {
        return new Rectangle2D.Double(0, 0, width, height);
    }

    private static byte[] png(BufferedImage image) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.ortune.trainer.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.Scores;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class FigureTest {
    @TempDir
    private static Path folder;

    private static final List<Figure> FIGURES = new ArrayList<>();

    @BeforeAll
    static void drawAll() {
        Fonts.require();
        WrittenRun.complete(folder, 5, WrittenRun.TWO);
        Run run = Run.read(folder, "x");
        FIGURES.addAll(TrainingFigures.of(run));
        FIGURES.addAll(HoldoutFigures.of((ClassScores) Scores.of(run.judged())));
        FIGURES.add(LengthFigure.of(run.lengths(), 32));
    }

    @Test
    void thereIsOneForEverythingThatIsPlotted() {
        assertThat(FIGURES.stream().map(Figure::name))
                .containsExactlyInAnyOrder(
                        "loss",
                        "validation",
                        "learning_rate",
                        "gradient_norm",
                        "roc",
                        "precision_recall",
                        "reliability",
                        "confidence",
                        "mcc_batches",
                        "lengths");
    }

    @Test
    void picturesAreLargeAndNotBlank() throws IOException {
        for (Figure figure : FIGURES) {
            Path file = folder.resolve(figure.name() + ".png");
            figure.writePng(file);
            BufferedImage image = ImageIO.read(file.toFile());
            assertThat(image.getWidth()).as(figure.name()).isEqualTo(2 * figure.width());
            assertThat(image.getHeight()).isEqualTo(2 * figure.height());
            assertThat(inked(image))
                    .as("share of %s that is drawn on", figure.name())
                    .isBetween(0.005, 0.6);
            assertThat(colours(image)).as(figure.name()).hasSizeGreaterThan(20);
        }
    }

    @Test
    void drawingsAreWellFormedAndNameTheirColours() throws Exception {
        Set<String> ids = new HashSet<>();
        for (Figure figure : FIGURES) {
            Document svg = parsed(figure.svg());
            assertThat(svg.getDocumentElement().getAttribute("viewBox"))
                    .isEqualTo("0 0 " + figure.width() + " " + figure.height());
            assertThat(svg.getDocumentElement().getAttribute("aria-label")).isNotBlank();
            assertThat(svg.getElementsByTagName("text").getLength())
                    .as(figure.name())
                    .isGreaterThan(4);
            assertThat(figure.svg()).contains("var(--muted)").doesNotContain("rgb(", "<image", "href");
            NodeList all = svg.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                String id = ((org.w3c.dom.Element) all.item(i)).getAttribute("id");
                assertThat(id.isEmpty() || ids.add(id))
                        .as("%s is there once", id)
                        .isTrue();
            }
        }
    }

    private static double inked(BufferedImage image) {
        long inked = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                inked += image.getRGB(x, y) == Palette.PAPER.color().getRGB() ? 0 : 1;
            }
        }
        return (double) inked / image.getWidth() / image.getHeight();
    }

    private static Set<Integer> colours(BufferedImage image) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }
}

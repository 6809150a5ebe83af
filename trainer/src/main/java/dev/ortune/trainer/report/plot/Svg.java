package dev.ortune.trainer.report.plot;

import java.awt.Dimension;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A chart as SVG whose colours are CSS variables, so that one drawing serves light and dark pages, and whose texts are
 * texts in the page's own font.
 */
final class Svg extends SVGGraphics2D {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private final transient List<Integer> textWidths = new ArrayList<>();

    private Svg(SVGGeneratorContext context) {
        super(context, false);
    }

    static String of(Figure figure) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setComment(null);
        context.setIDGenerator(new Identifiers(figure.name()));
        Svg svg = new Svg(context);
        svg.setSVGCanvasSize(new Dimension(figure.width(), figure.height()));
        figure.chart().draw(svg, figure.area());
        Element root = svg.getRoot();
        svg.fitTexts(root);
        root.setAttribute("viewBox", "0 0 " + figure.width() + " " + figure.height());
        root.removeAttribute("width");
        root.removeAttribute("height");
        root.setAttribute("role", "img");
        root.setAttribute("aria-label", figure.description());
        return withVariables(svg.text(root));
    }

    @Override
    public void drawString(String text, float x, float y) {
        if (!text.isEmpty()) {
            textWidths.add((int) Math.ceil(getFontMetrics().stringWidth(text)));
        }
        super.drawString(text, x, y);
    }

    /** A text takes the room that was measured for it, whichever font the browser has. */
    private void fitTexts(Element root) {
        NodeList texts = root.getElementsByTagNameNS(NAMESPACE, "text");
        for (int i = 0; i < texts.getLength() && texts.getLength() == textWidths.size(); i++) {
            Element text = (Element) texts.item(i);
            text.setAttribute("textLength", String.valueOf(textWidths.get(i)));
            text.setAttribute("lengthAdjust", "spacingAndGlyphs");
        }
    }

    private String text(Element root) {
        try (StringWriter writer = new StringWriter()) {
            stream(root, writer, true, false);
            String text = writer.toString();
            return text.substring(text.indexOf("<svg"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withVariables(String svg) {
        String result = svg.replace(" id=\"genericDefs\"", "").replaceAll("font-family:[^;\"]*", "font-family:inherit");
        for (Palette colour : Palette.values()) {
            result = result.replace(colour.rgb(), "var(" + colour.variable() + ")");
        }
        return result;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Several drawings share a page, so each has names of its own. */
    private static final class Identifiers extends SVGIDGenerator {
        private final String prefix;

        Identifiers(String prefix) {
            this.prefix = prefix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-") + "-";
        }

        @Override
        public String generateID(String kind) {
            return super.generateID(prefix + kind);
        }
    }
}

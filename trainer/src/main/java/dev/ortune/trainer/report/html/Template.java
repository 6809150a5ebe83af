package dev.ortune.trainer.report.html;

import com.samskivert.mustache.Mustache;
import dev.ortune.trainer.Version;
import dev.ortune.trainer.report.plot.Palette;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Pages from Mustache templates, which escape whatever they are given unless they say otherwise. */
final class Template {
    private static final Mustache.Compiler HTML = Mustache.compiler()
            .escapeHTML(true)
            .emptyStringIsFalse(true)
            .nullValue("")
            .withLoader(name -> new StringReader(resource(name + ".mustache")));

    private Template() {}

    /**
     * What every page has.
     *
     * @param title of the page
     */
    record Frame(String title) {
        public String version() {
            return Version.ortune();
        }

        public String light() {
            return Palette.css(false);
        }

        public String dark() {
            return Palette.css(true);
        }

        public String css() {
            return resource("page.css");
        }

        public String script() {
            return resource("predictions.js");
        }
    }

    /** Fills a template with a view, whose names stand before those of the frame. */
    static String page(String template, Frame frame, Object view) {
        StringWriter page = new StringWriter();
        HTML.compile(resource(template + ".mustache")).execute(view, frame, page);
        return page.toString();
    }

    /** A file beside this class. */
    static String resource(String name) {
        try (InputStream stream = Template.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.OrtuneException;
import java.awt.font.FontRenderContext;

/** The one thing that drawing needs of the system. */
public final class Fonts {
    private Fonts() {}

    /**
     * Switches Java's graphics to drawing without a screen and looks for a font.
     *
     * @throws OrtuneException when the system has none: Java then fails in ways that name no cause
     */
    public static void require() {
        System.setProperty("java.awt.headless", "true");
        try {
            Style.FONT.getStringBounds("0", new FontRenderContext(null, true, true));
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new OrtuneException(
                    "Plots need a font and Java finds none; a system's packages fontconfig and fonts-dejavu-core bring one",
                    e);
        }
    }
}

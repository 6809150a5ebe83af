package dev.ortune.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Logback's configuration, in Java because reading one in XML would cost a tenth of the start: warnings of all, and of
 * {@link AccessLog} everything, to standard error. Logback finds it as a service.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        use(logback, new TextLayout());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Writes all that is logged from now on as {@code format} has it. */
    public static void use(LogFormat format) {
        LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
        use(logback, format == LogFormat.JSON ? new JsonLayout() : new TextLayout());
    }

    private static void use(LoggerContext logback, Layout<ILoggingEvent> layout) {
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
        layout.setContext(logback);
        encoder.setContext(logback);
        standardError.setContext(logback);
        encoder.setLayout(layout);
        standardError.setTarget("System.err");
        standardError.setEncoder(encoder);
        layout.start();
        encoder.start();
        standardError.start();
        Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(Level.WARN);
        root.addAppender(standardError);
        // DJL warns of GPUs that it does not find, which nobody asked of it.
        logback.getLogger("ai.djl").setLevel(Level.ERROR);
        logback.getLogger(AccessLog.NAME).setLevel(Level.INFO);
    }
}

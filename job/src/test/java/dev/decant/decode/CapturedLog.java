package dev.decant.decode;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** What this package logs while this is open, down to debug; each line as {@code LEVEL message}. */
final class CapturedLog implements AutoCloseable {
    private static final String PACKAGE = CapturedLog.class.getPackageName();

    private final LoggerContext context = LoggerContext.getContext(false);
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog() {}

    static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        Configuration configuration = log.context.getConfiguration();
        LoggerConfig logger = new LoggerConfig(PACKAGE, Level.DEBUG, false);
        AbstractAppender appender = log.new Lines();
        appender.start();
        logger.addAppender(appender, Level.DEBUG, null);
        configuration.addLogger(PACKAGE, logger);
        log.context.updateLoggers();
        return log;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        context.getConfiguration().removeLogger(PACKAGE);
        context.updateLoggers();
    }

    private final class Lines extends AbstractAppender {
        Lines() {
            super("captured", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    }
}

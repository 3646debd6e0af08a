package dev.decant.local;

import java.nio.file.Path;
import java.util.List;

/** How a process logs: to its output, which goes to its one log file together with what the JVM says. */
final class ConsoleLog {
    static final String FILE = "log4j2.properties";

    static final List<String> CONFIGURATION = List.of(
            "rootLogger.level = ${sys:decant.log.level:-INFO}",
            "rootLogger.appenderRef.console.ref = console",
            "appender.console.name = console",
            "appender.console.type = Console",
            "appender.console.layout.type = PatternLayout",
            "appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %c{1} - %m%n");

    private ConsoleLog() {}

    /** The JVM option of a process whose output is for users: warnings and errors only. */
    static String warningsOnly() {
        return "-Ddecant.log.level=WARN";
    }

    /** The JVM option that names the configuration in this folder. */
    static String jvmOption(Path folder) {
        return "-Dlog4j2.configurationFile=" + folder.resolve(FILE).toUri();
    }
}

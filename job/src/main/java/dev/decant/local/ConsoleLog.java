package dev.decant.local;

import java.util.List;

/** How a process logs: to its output, which goes to its one log file together with what the JVM says. */
final class ConsoleLog {
    static final String FILE = "log4j2.properties";

    static final List<String> CONFIGURATION = List.of(
            "rootLogger.level = INFO",
            "rootLogger.appenderRef.console.ref = console",
            "appender.console.name = console",
            "appender.console.type = Console",
            "appender.console.layout.type = PatternLayout",
            "appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %c{1} - %m%n");

    private ConsoleLog() {}

    static String jvmOption(ProcessFolder folder) {
        return "-Dlog4j2.configurationFile=" + folder.path().resolve(FILE).toUri();
    }
}

package dev.decant.local;

import java.util.List;
import java.util.Map;

/**
 * What a child JVM runs.
 *
 * @param classPath its entries, in the notation of {@code java -cp}: a jar, a folder, or {@code folder/*} for its jars
 * @param jvmOptions such as {@code -Xmx256m}
 * @param mainClass its binary name
 * @param arguments of the main class
 * @param environment variables added to those of this process
 */
record JavaCommand(
        List<String> classPath,
        List<String> jvmOptions,
        String mainClass,
        List<String> arguments,
        Map<String, String> environment) {
    JavaCommand {
        classPath = List.copyOf(classPath);
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}

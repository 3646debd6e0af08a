package dev.decant.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code docker compose} is told: a file, or several of which each goes before those that were named before it. */
final class ComposeFile {
    private final Map<String, Object> content;

    private ComposeFile(Map<String, Object> content) {
        this.content = content;
    }

    static ComposeFile read(List<Path> files) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        for (Path file : files) {
            merge(content, map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file))));
        }
        return new ComposeFile(content);
    }

    Service service(String name) {
        return new Service(name, map(map(content.get("services")).get(name)));
    }

    /** As compose does with what is looked at here: maps are merged, everything else is replaced. */
    private static void merge(Map<String, Object> into, Map<String, Object> from) {
        from.forEach((key, value) -> {
            if (value instanceof Map && into.get(key) instanceof Map) {
                Map<String, Object> merged = new LinkedHashMap<>(map(into.get(key)));
                merge(merged, map(value));
                into.put(key, merged);
            } else {
                into.put(key, value);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object yaml) {
        return yaml == null ? Map.of() : (Map<String, Object>) yaml;
    }

    private static List<String> list(Object yaml) {
        // Compose puts values of its own in the place of $NAME, and a dollar in that of two.
        return yaml == null
                ? List.of()
                : ((List<?>) yaml)
                        .stream()
                                .map(word -> word.toString().replace("$$", "$"))
                                .toList();
    }

    /** A service of it. */
    record Service(String name, Map<String, Object> content) {
        List<String> entrypoint() {
            return list(content.get("entrypoint"));
        }

        List<String> command() {
            return list(content.get("command"));
        }

        Map<String, String> environment() {
            return map(content.get("environment")).entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().toString()));
        }

        boolean isReadOnly() {
            return Boolean.TRUE.equals(content.get("read_only"));
        }

        /** {@code /tmp:exec,mode=1777}: a path, and options of mount besides Docker's own. */
        List<String> tmpfs() {
            return list(content.get("tmpfs"));
        }

        /** {@code wav:/data/wav}: the name of a volume, and a path. */
        List<String> volumes() {
            return list(content.get("volumes"));
        }

        int replicas() {
            Object replicas = map(content.get("deploy")).get("replicas");
            return replicas == null ? 1 : (Integer) replicas;
        }

        /** The command of its own check, if it has one. */
        List<String> healthCheck() {
            List<String> test = list(map(content.get("healthcheck")).get("test"));
            return test.isEmpty() ? test : test.subList(1, test.size());
        }
    }
}

package dev.decant.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The last stage of a Dockerfile, which is what becomes an image.
 *
 * @param base the image that it begins with
 * @param instructions those after its FROM
 */
record Dockerfile(String base, List<Instruction> instructions) {

    /**
     * @param keyword in capitals: COPY
     * @param value all that stands behind it, its lines joined
     */
    record Instruction(String keyword, String value) {
        private static Instruction of(String line) {
            String[] parts = line.strip().split("\\s+", 2);
            return new Instruction(parts[0].toUpperCase(Locale.ROOT), parts[1].strip());
        }

        /** Its options, {@code --from=build} for instance, that it begins with. */
        List<String> flags() {
            return words().stream().takeWhile(word -> word.startsWith("--")).toList();
        }

        /** What comes after the options, at the blanks between. */
        List<String> operands() {
            return words().subList(flags().size(), words().size());
        }

        /** The value without its options. */
        String command() {
            String command = value;
            for (String flag : flags()) {
                command = command.substring(flag.length()).strip();
            }
            return command;
        }

        private List<String> words() {
            return List.of(value.split("\\s+"));
        }
    }

    static Dockerfile read(Path file) throws IOException {
        String base = "";
        List<Instruction> stage = new ArrayList<>();
        for (String line : joinedLines(Files.readAllLines(file))) {
            Instruction instruction = Instruction.of(line);
            if (instruction.keyword().equals("FROM")) {
                base = instruction.operands().get(0);
                stage.clear();
            } else {
                stage.add(instruction);
            }
        }
        return new Dockerfile(base, List.copyOf(stage));
    }

    private static List<String> joinedLines(List<String> lines) {
        List<String> joined = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String line : lines) {
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            boolean continues = line.endsWith("\\");
            current.append(continues ? line.substring(0, line.length() - 1) : line);
            if (!continues) {
                joined.add(current.toString());
                current.setLength(0);
            }
        }
        return joined;
    }
}

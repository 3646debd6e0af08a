package dev.decant.local;

import dev.decant.local.Dockerfile.Instruction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An image, unpacked into a folder that containers have as their root ({@code container.sh}). No engine is needed for that; what it
 * has of an operating system, and its Java, are this machine's.
 */
public final class ContainerImage {
    /** Where the official image of Flink has Java, and where Kafka's may have it too. */
    private static final String JAVA_HOME = "/opt/java/openjdk";

    private static final String FLINK_HOME = "/opt/flink";
    private static final int FLINK_USER = 9999;
    private static final int ROOT = 0;

    private final Path root;
    private final Path starter;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private int user = ROOT;
    private String workingFolder = "/";
    private List<String> healthCheck = List.of();

    private ContainerImage(Path folder) throws IOException {
        root = Files.createDirectory(folder);
        starter = folder.resolveSibling(folder.getFileName() + ".sh");
        try (InputStream script = ContainerImage.class.getResourceAsStream("container.sh")) {
            Files.copy(script, starter);
        }
        for (String made : List.of("usr", "etc", "proc", "dev", "sys", "opt", "opt/java", "opt/java/openjdk")) {
            Files.createDirectory(root.resolve(made));
        }
        for (String other : List.of("bin", "sbin", "lib", "lib64")) {
            Path here = Path.of("/" + other);
            if (Files.isSymbolicLink(here)) {
                Files.createSymbolicLink(root.resolve(other), Files.readSymbolicLink(here));
            } else if (Files.isDirectory(here)) {
                Files.createDirectory(root.resolve(other));
            }
        }
        Files.createDirectory(root.resolve("tmp"));
        Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        environment.put("PATH", JAVA_HOME + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("JAVA_HOME", JAVA_HOME);
    }

    /**
     * What {@code docker/Dockerfile} makes of the official image: each of its instructions is followed, and a file that it names and
     * that is not there, or a command that fails, fails this.
     *
     * @param folder is made
     * @param project where Decant was built, as the Dockerfile's first stage builds it
     * @param flinkHome an official distribution of Flink
     * @param plugins of the distribution that may be missing in {@code opt/}, as in the one that PyPI has
     */
    public static ContainerImage build(Path folder, Path project, Path flinkHome, Path plugins)
            throws IOException, InterruptedException {
        Dockerfile dockerfile = Dockerfile.read(project.resolve("docker/Dockerfile"));
        ContainerImage image = new ContainerImage(folder);
        image.takeOfficialImage(flinkHome, plugins);
        for (Instruction instruction : dockerfile.instructions()) {
            image.follow(instruction, project);
        }
        return image;
    }

    /**
     * What is used of Kafka's official image: its tools, and the start of a broker that is set up by its environment. The classes are
     * those of the image, the scripts that call them are not.
     *
     * @param folder is made
     */
    public static ContainerImage ofKafka(Path folder) throws IOException {
        ContainerImage image = new ContainerImage(folder);
        image.copy(DecantHome.find().brokerJars(), "/opt/kafka/libs", null, ROOT);
        image.write("/opt/kafka/config/log4j2.properties", String.join("\n", ConsoleLog.CONFIGURATION));
        String java = "exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' ";
        image.write(
                "/opt/kafka/bin/kafka-topics.sh",
                "#!/bin/sh\n" + java + "-Ddecant.log.level=WARN"
                        + " -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.properties"
                        + " org.apache.kafka.tools.TopicCommand \"$@\"\n");
        image.write("/opt/kafka/bin/kafka-run-class.sh", "#!/bin/sh\n" + java + "\"$@\"\n");
        for (String folderOfImage : List.of("/var/lib/kafka/data", "/mnt/shared/config", "/opt/kafka/defaults")) {
            Files.createDirectories(image.at(folderOfImage));
        }
        image.setOwner(image.at("/var/lib/kafka/data"), FLINK_USER);
        image.setOwner(image.at("/opt/kafka/config"), FLINK_USER);
        image.user = FLINK_USER;
        return image;
    }

    /** Of its environment. */
    Map<String, String> environment() {
        return environment;
    }

    /** The ID of its user. */
    int user() {
        return user;
    }

    String workingFolder() {
        return workingFolder;
    }

    /** The command of its check; empty if it has none. */
    List<String> healthCheck() {
        return healthCheck;
    }

    /** The folder that is its root. */
    Path root() {
        return root;
    }

    /** The script that starts containers of it. */
    Path starter() {
        return starter;
    }

    /** Where a path of the image is on this machine. */
    Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** What every container of it sees of this machine besides the system. */
    List<String> mounts() {
        return List.of("bind:" + System.getProperty("java.home") + ":" + JAVA_HOME);
    }

    /**
     * What a new volume holds that is mounted at a path: as with Docker, what the image has there, and whose it is.
     *
     * @param volume is made
     */
    void copyUp(String path, Path volume) throws IOException {
        copyTree(at(path), volume, null, (Integer) Files.getAttribute(at(path), "unix:uid"));
    }

    /** As {@code flink:2.2.1-java17} is made of the distribution: see its Dockerfile, in the repository apache/flink-docker. */
    private void takeOfficialImage(Path flinkHome, Path plugins) throws IOException {
        copy(flinkHome, FLINK_HOME, null, FLINK_USER);
        Files.createDirectories(at(FLINK_HOME + "/log"));
        setOwner(at(FLINK_HOME + "/log"), FLINK_USER);
        try (Stream<Path> scripts = Files.list(at(FLINK_HOME + "/bin"))) {
            for (Path script : scripts.toList()) {
                // Which a package of Python does not keep.
                Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        try (Stream<Path> jars = Files.walk(plugins)) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Path inImage = at(FLINK_HOME + "/opt/" + jar.getFileName());
                if (!Files.exists(inImage)) {
                    Files.createDirectories(inImage.getParent());
                    Files.copy(jar, inImage);
                }
            }
        }
        environment.put("FLINK_HOME", FLINK_HOME);
        environment.put("PATH", FLINK_HOME + "/bin:" + environment.get("PATH"));
        workingFolder = FLINK_HOME;
        user = FLINK_USER;
    }

    private void follow(Instruction instruction, Path project) throws IOException, InterruptedException {
        switch (instruction.keyword()) {
            case "USER" -> user = userId(instruction.value());
            case "ENV" -> {
                String[] variable = instruction.value().split("=", 2);
                environment.put(variable[0], variable[1].replace("$PATH", environment.get("PATH")));
            }
            case "RUN" -> run(instruction.command());
            case "COPY" -> copyFiles(instruction, project);
            case "HEALTHCHECK" ->
                healthCheck = List.of(
                        new ObjectMapper().readValue(instruction.command().substring("CMD".length()), String[].class));
            default ->
                throw new LocalException("no test knows what \"" + instruction.keyword() + "\" does in a Dockerfile");
        }
    }

    private static int userId(String named) {
        return named.equals("root") ? ROOT : Integer.parseInt(named.split(":")[0]);
    }

    private void run(String command) throws IOException, InterruptedException {
        CommandResult result = Container.run(this, ContainerSettings.whileBuilt(), List.of("sh", "-c", command));
        if (result.exitCode() != 0) {
            throw new LocalException(
                    "RUN " + command + "\nended with exit code " + result.exitCode() + ":\n" + result.output());
        }
    }

    private void copyFiles(Instruction copy, Path project) throws IOException {
        String mode = null;
        int owner = ROOT;
        for (String flag : copy.flags()) {
            String[] option = flag.split("=", 2);
            switch (option[0]) {
                // What the stage builds, this project has built.
                case "--from" -> {}
                case "--chmod" -> mode = option[1];
                case "--chown" -> owner = userId(option[1]);
                default -> throw new LocalException("no test knows the option " + flag + " of COPY");
            }
        }
        boolean ofStage = copy.flags().stream().anyMatch(flag -> flag.startsWith("--from="));
        String source = copy.operands().get(0);
        copy(
                project.resolve(ofStage ? source.replaceFirst("^/decant/", "") : source),
                copy.operands().get(1),
                mode,
                owner);
    }

    private void write(String path, String content) throws IOException {
        Files.createDirectories(at(path).getParent());
        Files.writeString(at(path), content);
        Files.setPosixFilePermissions(at(path), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void copy(Path from, String path, String mode, int owner) throws IOException {
        Files.createDirectories(at(path).getParent());
        copyTree(from, at(path), mode, owner);
    }

    /** @param mode of files, as digits; null: as they are */
    private void copyTree(Path from, Path to, String mode, int owner) throws IOException {
        if (!Files.exists(from)) {
            throw new LocalException(from + " is not there to be copied to " + to);
        }
        List<Path> copied = new ArrayList<>();
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path made = to.resolve(from.relativize(directory).toString());
                Files.createDirectories(made);
                copied.add(made);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path made = to.resolve(from.relativize(file).toString());
                Files.copy(
                        file,
                        made,
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING,
                        LinkOption.NOFOLLOW_LINKS);
                if (mode != null) {
                    Files.setAttribute(made, "unix:mode", Integer.parseInt(mode, 8));
                }
                copied.add(made);
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path made : copied) {
            setOwner(made, owner);
        }
    }

    private void setOwner(Path file, int owner) throws IOException {
        Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
    }
}

package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bill of materials in the jar names what the jar holds, and nothing else. */
class BillOfMaterialsITCase {
    private static final String BILL = "META-INF/sbom/decant-job.cdx.json";

    /** Where the classes and the native libraries of each component are. */
    private static final Map<String, List<String>> PLACES = Map.ofEntries(
            Map.entry("dev.decant:decant-connectors", List.of("dev/decant/")),
            Map.entry(
                    "org.apache.flink:flink-connector-kafka",
                    List.of("org/apache/flink/connector/kafka/", "org/apache/flink/streaming/")),
            Map.entry("org.apache.kafka:kafka-clients", List.of("org/apache/kafka/")),
            Map.entry("com.github.luben:zstd-jni", List.of("com/github/luben/zstd/", "/libzstd-jni-")),
            Map.entry("at.yawk.lz4:lz4-java", List.of("net/jpountz/")),
            Map.entry("org.xerial.snappy:snappy-java", List.of("org/xerial/snappy/")),
            Map.entry("com.fasterxml.jackson.core:jackson-annotations", List.of("com/fasterxml/jackson/annotation/")),
            Map.entry("com.fasterxml.jackson.core:jackson-core", List.of("com/fasterxml/jackson/core/")),
            Map.entry("com.fasterxml.jackson.core:jackson-databind", List.of("com/fasterxml/jackson/databind/")),
            Map.entry(
                    "com.fasterxml.jackson.datatype:jackson-datatype-jdk8",
                    List.of("com/fasterxml/jackson/datatype/jdk8/")),
            Map.entry(
                    "com.fasterxml.jackson.datatype:jackson-datatype-jsr310",
                    List.of("com/fasterxml/jackson/datatype/jsr310/")),
            Map.entry("org.apache.commons:commons-lang3", List.of("org/apache/commons/lang3/")),
            Map.entry(
                    "org.apache.parquet:parquet-format-structures",
                    List.of("org/apache/parquet/format/", "shaded/parquet/org/apache/thrift/")),
            Map.entry("net.java.dev.jna:jna", List.of("com/sun/jna/")),
            Map.entry("io.github.jaredmdobson:concentus", List.of("io/github/jaredmdobson/concentus/")),
            Map.entry("info.picocli:picocli", List.of("picocli/")),
            Map.entry("org.lwjgl:lwjgl-opus", List.of("/org/lwjgl/opus/")),
            Map.entry(":libopus", List.of("/org/lwjgl/opus/")));

    private JarFile jar;
    private JsonNode bill;

    @BeforeEach
    void readTheBill() throws IOException {
        jar = new JarFile(ClusterExtension.JAR.toFile());
        bill = new ObjectMapper().readTree(bytes(BILL));
    }

    @AfterEach
    void closeTheJar() throws IOException {
        jar.close();
    }

    @Test
    void itStandsBesideTheJarToo() throws IOException {
        Path beside = ClusterExtension.JAR.resolveSibling("decant-job.cdx.json");

        assertThat(Files.readAllBytes(beside)).isEqualTo(bytes(BILL));
        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bill.path("metadata").path("component").path("name").asText())
                .isEqualTo("decant-job");
    }

    @Test
    void everyComponentIsInTheJarAndEverythingInTheJarIsAComponents() {
        Map<String, Set<String>> held = new TreeMap<>();
        List<String> nobodys = new ArrayList<>();
        jar.stream()
                .map(ZipEntry::getName)
                .filter(BillOfMaterialsITCase::isCode)
                .forEach(name -> {
                    Set<String> owners = owners(name);
                    owners.forEach(owner -> held.computeIfAbsent(owner, component -> new TreeSet<>())
                            .add(name));
                    if (owners.isEmpty()) {
                        nobodys.add(name);
                    }
                });

        assertThat(nobodys).as("code of no component").isEmpty();
        assertThat(components().keySet()).isEqualTo(held.keySet());
        components()
                .forEach((component, version) ->
                        assertThat(version).as("version of " + component).isNotBlank());
    }

    @Test
    void theNativeLibrariesAreThoseThatAreNamed() throws Exception {
        JsonNode libopus = component("libopus");
        Map<String, String> named = new TreeMap<>();
        for (JsonNode file : libopus.path("components")) {
            named.put(
                    file.path("name").asText(),
                    file.path("hashes").path(0).path("content").asText());
        }

        Map<String, String> held = new TreeMap<>();
        for (String name : jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.matches("[a-z]+/[a-z0-9]+/org/lwjgl/opus/[a-z.]+"))
                .toList()) {
            held.put(
                    name,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(name))));
        }

        assertThat(held).hasSize(6).isEqualTo(named);
    }

    @Test
    void versionsWithKnownVulnerabilitiesAreNotBack() {
        // From job/docs/security.md: who raises the Kafka connector must not lower these.
        assertThat(isAtLeast(version("jackson-databind"), "2.22.3")).isTrue();
        assertThat(isAtLeast(version("jackson-core"), "2.22.3")).isTrue();
        assertThat(isAtLeast(version("snappy-java"), "1.1.10.10")).isTrue();
        assertThat(isAtLeast(version("lz4-java"), "1.11.4")).isTrue();
        assertThat(isAtLeast(version("zstd-jni"), "1.5.7-14")).isTrue();
    }

    private static boolean isCode(String name) {
        return name.endsWith(".class") || name.matches(".*\\.(so|dll|dylib|jnilib|a)") && !name.startsWith("META-INF/");
    }

    private static Set<String> owners(String name) {
        String place = name.replaceFirst("^META-INF/versions/\\d+/", "");
        return PLACES.entrySet().stream()
                .filter(component -> component.getValue().stream()
                        .anyMatch(part -> part.startsWith("/") ? place.contains(part) : place.startsWith(part)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Their versions, by group and name. */
    private Map<String, String> components() {
        Map<String, String> versions = new TreeMap<>();
        for (JsonNode component : bill.path("components")) {
            versions.put(
                    component.path("group").asText() + ":"
                            + component.path("name").asText(),
                    component.path("version").asText());
        }
        return versions;
    }

    private JsonNode component(String name) {
        for (JsonNode component : bill.path("components")) {
            if (component.path("name").asText().equals(name)) {
                return component;
            }
        }
        throw new AssertionError(name + " is not in the bill: " + components().keySet());
    }

    private String version(String name) {
        return component(name).path("version").asText();
    }

    /** By their numbers, one after the other. */
    private static boolean isAtLeast(String version, String least) {
        String[] numbers = version.split("[.-]");
        String[] leastNumbers = least.split("[.-]");
        for (int i = 0; i < leastNumbers.length; i++) {
            int difference = Integer.parseInt(numbers[i]) - Integer.parseInt(leastNumbers[i]);
            if (difference != 0) {
                return difference > 0;
            }
        }
        return true;
    }

    private byte[] bytes(String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return in.readAllBytes();
        }
    }
}

package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code docker/config.yaml} and {@code docker/kubernetes/decant.yaml}, as Flink and its operator read them. */
class DeploymentFilesTest {
    private static final Path DOCKER = Path.of("..", "docker");
    private static final Path SCHEMA = Path.of("target", "flink-operator", "META-INF", "fabric8")
            .resolve("flinkdeployments.flink.apache.org-v1.yml");

    /** Where the options stand that the files name. Flink passes over a key that it does not know. */
    private static final List<Class<?>> OPTIONS = List.of(
            BlobServerOptions.class,
            CheckpointingOptions.class,
            CoreOptions.class,
            HighAvailabilityOptions.class,
            JobManagerOptions.class,
            MetricOptions.class,
            RestOptions.class,
            RestartStrategyOptions.class,
            StateBackendOptions.class,
            TaskManagerOptions.class,
            WebOptions.class);

    /** Of a reporter, of a file system plugin, and of the operator; the log option is the start scripts' own. */
    private static final List<String> OTHERS =
            List.of("metrics.reporter.prom.", "s3.", "kubernetes.operator.", "env.log.max");

    @Test
    void flinkKnowsEveryOptionOfTheImage() throws Exception {
        assertFlinkUnderstands(imageConfiguration());
    }

    @Test
    void flinkKnowsEveryOptionOfTheDeployment() throws Exception {
        assertFlinkUnderstands(deploymentConfiguration());
    }

    @Test
    void whatBothSayTheySayAlike() throws Exception {
        Map<String, String> image = imageConfiguration();
        Map<String, String> deployment = deploymentConfiguration();
        // Another state backend, with memory of its own, and places that outlive a machine.
        List<String> different = List.of(
                "state.backend.type",
                "taskmanager.memory.managed.size",
                "taskmanager.memory.task.off-heap.size",
                "execution.checkpointing.dir",
                "execution.checkpointing.savepoint-dir");
        Map<String, String> shared = new TreeMap<>(image);
        shared.keySet().retainAll(deployment.keySet());
        different.forEach(shared::remove);

        assertThat(shared).hasSizeGreaterThan(10);
        assertThat(deployment).containsAllEntriesOf(shared);
    }

    @Test
    void theMemoryOfTheImageIsEnoughForItsParts() throws Exception {
        Configuration image = Configuration.fromMap(imageConfiguration());

        assertRoomy(TaskExecutorProcessUtils.processSpecFromConfig(image), 512);
        assertThat(JobManagerProcessUtils.processSpecFromConfig(image).getJvmHeapMemorySize())
                .isGreaterThan(MemorySize.ofMebiBytes(256));
    }

    @Test
    void theMemoryOfTheDeploymentIsEnoughForItsParts() throws Exception {
        Configuration deployment = Configuration.fromMap(deploymentConfiguration());
        // As the operator takes it over.
        deployment.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, memoryOf("taskManager"));
        deployment.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memoryOf("jobManager"));

        assertRoomy(TaskExecutorProcessUtils.processSpecFromConfig(deployment), 1_536);
        assertThat(JobManagerProcessUtils.processSpecFromConfig(deployment).getJvmHeapMemorySize())
                .isGreaterThan(MemorySize.ofMebiBytes(512));
    }

    @Test
    void theOperatorKnowsEveryFieldOfTheDeployment() throws Exception {
        Map<String, Object> schema = schemaOfDeployments();
        Map<String, Object> deployment = new TreeMap<>(deployment());
        // The newest schema that Maven Central has is older than Flink 2.2, which the operator knows from 1.13 on.
        Map<String, Object> spec = new TreeMap<>(map(deployment.get("spec")));
        assertThat(spec.remove("flinkVersion")).isEqualTo("v2_2");
        deployment.put("spec", spec);
        assertThat(deployment.remove("apiVersion")).isEqualTo("flink.apache.org/v1beta1");
        assertThat(deployment.remove("kind")).isEqualTo("FlinkDeployment");
        assertThat(map(deployment.remove("metadata"))).containsOnlyKeys("name");

        List<String> complaints = new ArrayList<>();
        compare("", deployment, schema, complaints);

        assertThat(complaints).isEmpty();
    }

    @Test
    void theSchemaRefusesWhatItDoesNotKnow() throws Exception {
        Map<String, Object> wrong = Map.of("spec", Map.of("job", Map.of("upgradeMode", "restart", "jar", "x")));

        List<String> complaints = new ArrayList<>();
        compare("", wrong, schemaOfDeployments(), complaints);

        assertThat(complaints)
                .containsExactlyInAnyOrder(
                        "/spec/job/jar is no field",
                        "/spec/job/upgradeMode is restart, none of [last-state, savepoint, stateless]");
    }

    @Test
    void noSecretStandsInTheDeployment() throws Exception {
        assertThat(Files.readString(DOCKER.resolve("kubernetes/decant.yaml")))
                .doesNotContainIgnoringCase("password")
                .doesNotContain("s3.access-key", "s3.secret-key", "jaas");
    }

    /** Only that it has these options, and can read each value. */
    private static void assertFlinkUnderstands(Map<String, String> given) throws IllegalAccessException {
        Map<String, ConfigOption<?>> known = new TreeMap<>();
        for (Class<?> holder : OPTIONS) {
            for (Field field : holder.getFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof ConfigOption<?> option) {
                    known.put(option.key(), option);
                }
            }
        }
        Configuration configuration = Configuration.fromMap(given);
        List<String> unknown = new ArrayList<>();
        for (String key : given.keySet()) {
            if (known.containsKey(key)) {
                assertThat((Object) configuration.get(known.get(key))).as(key).isNotNull();
            } else if (OTHERS.stream().noneMatch(key::startsWith)) {
                unknown.add(key);
            }
        }
        assertThat(unknown).isEmpty();
    }

    private static void assertRoomy(TaskExecutorProcessSpec memory, int taskHeapMebibytes) {
        assertThat(memory.getTaskHeapSize()).isGreaterThan(MemorySize.ofMebiBytes(taskHeapMebibytes));
        // A process of decoders for each of the two slots, and what a JVM takes besides.
        assertThat(memory.getJvmOverheadSize()).isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(384));
    }

    private static MemorySize memoryOf(String process) throws IOException {
        Map<String, Object> resource =
                map(map(map(deployment().get("spec")).get(process)).get("resource"));
        return MemorySize.parse(resource.get("memory").toString());
    }

    private static Map<String, String> imageConfiguration() throws IOException {
        return texts(yaml(DOCKER.resolve("config.yaml")));
    }

    private static Map<String, String> deploymentConfiguration() throws IOException {
        return texts(map(map(deployment().get("spec")).get("flinkConfiguration")));
    }

    private static Map<String, Object> deployment() throws IOException {
        return yaml(DOCKER.resolve("kubernetes/decant.yaml"));
    }

    private static Map<String, Object> schemaOfDeployments() throws IOException {
        Map<String, Object> definition = yaml(SCHEMA);
        List<?> versions = (List<?>) map(definition.get("spec")).get("versions");
        return map(map(map(versions.get(0)).get("schema")).get("openAPIV3Schema"));
    }

    /**
     * As a server of Kubernetes compares an object with a structural schema, but for fields that it does not know: those a server drops.
     */
    private static void compare(String path, Object value, Map<String, Object> schema, List<String> complaints) {
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))) {
            return;
        }
        List<?> allowed = (List<?>) schema.get("enum");
        if (allowed != null && !allowed.contains(value)) {
            complaints.add(path + " is " + value + ", none of " + allowed);
        }
        if (value instanceof Map) {
            Map<String, Object> fields = map(schema.get("properties"));
            Map<String, Object> others = map(schema.get("additionalProperties"));
            map(value).forEach((name, field) -> {
                if (fields.containsKey(name)) {
                    compare(path + "/" + name, field, map(fields.get(name)), complaints);
                } else if (others.isEmpty()) {
                    complaints.add(path + "/" + name + " is no field");
                } else {
                    compare(path + "/" + name, field, others, complaints);
                }
            });
        } else if (value instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                compare(path + "/" + i, elements.get(i), map(schema.get("items")), complaints);
            }
        } else if (!isOfType(value, schema)) {
            complaints.add(path + " is " + value + ", which is no " + schema.get("type"));
        }
    }

    private static boolean isOfType(Object value, Map<String, Object> schema) {
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
            return value instanceof Integer || value instanceof String;
        }
        return switch (String.valueOf(schema.get("type"))) {
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            default -> false;
        };
    }

    private static Map<String, String> texts(Map<String, Object> yaml) {
        Map<String, String> texts = new TreeMap<>();
        yaml.forEach((key, value) -> texts.put(key, value.toString()));
        return texts;
    }

    private static Map<String, Object> yaml(Path file) throws IOException {
        return map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object yaml) {
        return yaml == null ? Map.of() : (Map<String, Object>) yaml;
    }
}

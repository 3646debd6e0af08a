package dev.decant.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecantHomeTest {
    @TempDir
    private Path folder;

    @Test
    void findsTheJarsOfBrokerAndFlink() throws Exception {
        Path broker = Files.createDirectories(folder.resolve("job/local/broker/target/lib"));
        Path flink = Files.createDirectories(folder.resolve("job/local/flink/target/lib"));
        Files.createFile(broker.resolve("kafka.jar"));
        Files.createFile(flink.resolve("flink.jar"));

        DecantHome home = DecantHome.at(folder);

        assertThat(home.brokerJars()).isEqualTo(broker);
        assertThat(home.flinkJars()).isEqualTo(flink);
        assertThat(home.flinkPlugins()).isEqualTo(folder.resolve("job/local/flink/target/plugins"));
    }

    @Test
    void saysWhatToRunWhenNothingIsBuilt() throws Exception {
        DecantHome home = DecantHome.at(folder);
        assertThatThrownBy(home::brokerJars)
                .isInstanceOf(LocalException.class)
                .hasMessageContaining(
                        folder.resolve("job/local/broker/target/lib").toString())
                .hasMessageContaining("mvn -q package");

        Files.createDirectories(folder.resolve("job/local/flink/target/lib"));
        assertThatThrownBy(home::flinkJars)
                .as("a folder without jars")
                .isInstanceOf(LocalException.class)
                .hasMessageContaining("mvn -q package");
    }

    @Test
    void refusesWhatIsNoFolder() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> DecantHome.at(missing))
                .isInstanceOf(LocalException.class)
                .hasMessageContaining(DecantHome.PROPERTY + "=" + missing);
    }

    @Test
    void saysHowToNameIt() {
        String before = System.clearProperty(DecantHome.PROPERTY);
        try {
            assertThatThrownBy(DecantHome::find)
                    .isInstanceOf(LocalException.class)
                    .hasMessageContaining("-D" + DecantHome.PROPERTY + "=FOLDER");
        } finally {
            if (before != null) {
                System.setProperty(DecantHome.PROPERTY, before);
            }
        }
    }
}

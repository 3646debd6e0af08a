package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LocationsTest {
    @Test
    void aPathIsOneOfThisMachine() {
        assertThat(Locations.path("/in/calls").toString()).isEqualTo("file:/in/calls");
        assertThat(Locations.path("/in/../out/").toString()).isEqualTo("file:/out");
        assertThat(Locations.path("calls").getPath())
                .isEqualTo(Path.of("calls").toAbsolutePath().toString());
    }

    @Test
    void whatAPathMayHoldIsTakenAsItIs() {
        assertThat(Locations.path("/in/a b%20ü#1?x").getPath()).isEqualTo("/in/a b%20ü#1?x");
        assertThat(Locations.path("/in/2024:01").getPath()).isEqualTo("/in/2024:01");
    }

    @Test
    void aUriNamesItsFileSystem() {
        assertThat(Locations.path("s3://bucket/calls").toString()).isEqualTo("s3://bucket/calls");
        assertThat(Locations.path("file:///in/calls").getPath()).isEqualTo("/in/calls");
    }
}

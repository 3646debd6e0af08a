package dev.decant.local;

import java.util.List;
import java.util.Map;

/**
 * How a container differs from its image.
 *
 * @param readOnly whether its root may not be written to
 * @param mounts {@code tmpfs:PATH:OPTIONS} or {@code bind:FROM:PATH}
 * @param environment variables besides those of the image
 */
record ContainerSettings(boolean readOnly, List<String> mounts, Map<String, String> environment) {

    /** As the commands of a Dockerfile run. */
    static ContainerSettings whileBuilt() {
        return new ContainerSettings(false, List.of(), Map.of());
    }
}

package dev.decant.audio;

import java.util.Objects;

/**
 * A header of a record, as it came or as it is to go.
 *
 * @param name never null; several headers may have one name
 * @param value the bytes, or null; not to be changed
 */
public record CarrierHeader(String name, byte[] value) {
    public CarrierHeader {
        Objects.requireNonNull(name, "name");
    }
}

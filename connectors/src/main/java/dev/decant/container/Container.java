package dev.decant.container;

/** What holds the packets of a recording. */
public enum Container {
    OGG("Ogg"),
    MATROSKA("Matroska"),
    WEBM("WebM"),
    MP4("MP4");

    private final String label;

    Container(String label) {
        this.label = label;
    }

    /** Its name, as people write it. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}

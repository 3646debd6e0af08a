package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.file.WavManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** The folder that WAV files go to, as somebody sees it who looks into it. */
record WavFolder(Path path) {

    /** The names of the files that are there. */
    List<String> visibleFiles() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The samples of each stream, by stream ID. Each must have one file, all of them must be in the format, and there may
     * be no other files.
     */
    Map<String, byte[]> read(PcmFormat format) throws IOException, UnsupportedAudioFileException {
        Map<String, byte[]> pcm = new TreeMap<>();
        for (WavManifest.Entry entry : entries()) {
            assertThat(pcm.put(entry.streamId(), read(entry, format)))
                    .as("the other file of stream " + entry.streamId())
                    .isNull();
        }
        return pcm;
    }

    /** The stream of each file; one that has several is there several times. */
    List<String> streamIds() throws IOException {
        return entries().stream().map(WavManifest.Entry::streamId).toList();
    }

    /** The samples of the first file of a stream, which must be in the format. */
    byte[] read(String streamId, PcmFormat format) throws IOException, UnsupportedAudioFileException {
        WavManifest.Entry entry = entries().stream()
                .filter(one -> one.streamId().equals(streamId))
                .findFirst()
                .orElseThrow();
        return read(entry, format);
    }

    /** How many files the manifest has: a file is there before its entry is, so then they are all there. */
    int manifestEntries() throws IOException {
        return manifest().size();
    }

    /** What the manifest says; there may be no other files. */
    private List<WavManifest.Entry> entries() throws IOException {
        List<WavManifest.Entry> entries = manifest();
        assertThat(visibleFiles())
                .containsExactlyInAnyOrderElementsOf(
                        entries.stream().map(WavManifest.Entry::file).toList());
        return entries;
    }

    private List<WavManifest.Entry> manifest() throws IOException {
        return WavManifest.read(new org.apache.flink.core.fs.Path(path.toUri()));
    }

    private byte[] read(WavManifest.Entry entry, PcmFormat format) throws IOException, UnsupportedAudioFileException {
        try (AudioInputStream audio =
                AudioSystem.getAudioInputStream(path.resolve(entry.file()).toFile())) {
            AudioFormat stated = audio.getFormat();
            assertThat(stated.getSampleRate()).as(entry.file()).isEqualTo(format.rate());
            assertThat(stated.getChannels()).as(entry.file()).isEqualTo(format.channels());
            assertThat(stated.getFrameSize()).as(entry.file()).isEqualTo(format.bytesPerSample());
            byte[] samples = audio.readAllBytes();
            assertThat(samples)
                    .as("the samples that the header of " + entry.file() + " states")
                    .hasSize((int) audio.getFrameLength() * format.bytesPerSample());
            return samples;
        }
    }
}

package dev.decant.local;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** A bucket of an {@link S3Server}, as somebody sees it who asks the server, and its way from and to folders. */
public final class S3Bucket {
    private final S3Requests requests;
    private final String name;

    private S3Bucket(S3Requests requests, String name) {
        this.requests = requests;
        this.name = name;
    }

    static S3Bucket create(S3Requests requests, String name) {
        S3Bucket bucket = new S3Bucket(requests, name);
        requests.put("/" + name, new byte[0]);
        return bucket;
    }

    public String name() {
        return name;
    }

    /** What Flink calls an object, or all those below it: {@code s3://bucket/key}. */
    public String uri(String key) {
        return "s3://" + name + "/" + key;
    }

    /** The keys of all objects, in the order of UTF-8. */
    public List<String> keys() {
        return keys("");
    }

    /** The keys that begin with {@code prefix}, in the order of UTF-8. */
    public List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        boolean more = true;
        while (more) {
            String after = keys.isEmpty()
                    ? ""
                    : "&start-after=" + escaped(keys.get(keys.size() - 1)).substring(1);
            Document page = requests.getXml(
                    "/" + name, "?list-type=2&prefix=" + escaped(prefix).substring(1) + after);
            keys.addAll(texts(page, "Key"));
            more = texts(page, "IsTruncated").contains("true");
        }
        return keys;
    }

    /** The keys of the objects that are being uploaded in parts, which nobody sees until they are completed. */
    public List<String> openUploads() {
        return texts(requests.getXml("/" + name, "?uploads"), "Key");
    }

    public byte[] get(String key) {
        return requests.get("/" + name + escaped(key));
    }

    public void put(String key, byte[] content) {
        requests.put("/" + name + escaped(key), content);
    }

    /**
     * Puts all files of a folder, and of the folders in it, into the bucket.
     *
     * @param prefix what their keys begin with, with its slash; may be empty
     */
    public void upload(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                put(prefix + folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
    }

    /**
     * Writes all objects whose keys begin with {@code prefix} to files; what a key has behind it is the path within the
     * folder. A key with a slash at its end is a mark of an empty folder, and becomes none.
     */
    public void download(String prefix, Path folder) throws IOException {
        for (String key : keys(prefix)) {
            if (!key.endsWith("/")) {
                Path file = folder.resolve(key.substring(prefix.length()));
                Files.createDirectories(file.getParent());
                Files.write(file, get(key));
            }
        }
    }

    private static List<String> texts(Document page, String element) {
        NodeList found = page.getElementsByTagName(element);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
    }

    private static String escaped(String key) {
        try {
            // In a URI a plus sign is itself, and S3 takes it for a space.
            return new URI(null, null, "/" + key, null).toASCIIString().replace("+", "%2B");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(key, e);
        }
    }
}

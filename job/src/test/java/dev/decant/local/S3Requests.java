package dev.decant.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Requests to an S3 server, signed as version 2 of its signatures has it ("Signing and authenticating REST requests"):
 * what tests look at a bucket with, apart from the file system that they test.
 *
 * @param endpoint scheme, host and port
 */
record S3Requests(URI endpoint, String accessKey, String secretKey) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The status of an answer to the question for all buckets. */
    CompletableFuture<Integer> statusOfService() {
        return HTTP.sendAsync(request("GET", "/", "", new byte[0]), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    void put(String resource, byte[] content) {
        send("PUT", resource, "", content);
    }

    byte[] get(String resource) {
        return send("GET", resource, "", new byte[0]);
    }

    /**
     * @param query with its question mark; of its parameters only {@code uploads} is part of what is signed, so it stands
     *     alone if at all
     */
    Document getXml(String resource, String query) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(send("GET", resource, query, new byte[0])));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("no XML was the answer to GET " + resource + query, e);
        }
    }

    private byte[] send(String method, String resource, String query, byte[] content) {
        try {
            HttpResponse<byte[]> response =
                    HTTP.send(request(method, resource, query, content), BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + resource + query + " was answered with "
                        + response.statusCode() + ": " + new String(response.body(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpRequest request(String method, String resource, String query, byte[] content) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        String signed =
                method + "\n\n\n\nx-amz-date:" + date + "\n" + resource + (query.equals("?uploads") ? query : "");
        return HttpRequest.newBuilder(URI.create(endpoint + resource + query))
                .header("x-amz-date", date)
                .header("Authorization", "AWS " + accessKey + ":" + signature(signed))
                .method(method, BodyPublishers.ofByteArray(content))
                .build();
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA1", e);
        }
    }
}

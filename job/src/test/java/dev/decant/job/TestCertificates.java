package dev.decant.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What TLS between one broker and its clients needs, made by keytool in a folder: keys of the broker and of a client,
 * whose certificates an authority signed, and another authority that signed nothing. All files are PKCS #12.
 */
final class TestCertificates {
    private static final String TYPE = "PKCS12";
    private static final String AUTHORITY = "authority";
    private static final String OTHER_AUTHORITY = "other-authority";
    private static final String BROKER = "broker";
    private static final String CLIENT = "client";

    private final Path folder;
    private final String password;

    private TestCertificates(Path folder, String password) {
        this.folder = folder;
        this.password = password;
    }

    /** @param password of every file, at least 6 letters */
    static TestCertificates create(Path folder, String password)
            throws IOException, GeneralSecurityException, InterruptedException {
        TestCertificates certificates = new TestCertificates(folder, password);
        certificates.keytool(AUTHORITY, "CN=Decant test authority", "-ext", "bc:c");
        certificates.keytool(OTHER_AUTHORITY, "CN=Some other authority", "-ext", "bc:c");
        certificates.keytool(BROKER, "CN=broker", "-signer", AUTHORITY, "-ext", "san=ip:127.0.0.1");
        certificates.keytool(CLIENT, "CN=decant", "-signer", AUTHORITY);
        certificates.split();
        return certificates;
    }

    String password() {
        return password;
    }

    Path brokerKeys() {
        return file(BROKER);
    }

    Path clientKeys() {
        return file(CLIENT);
    }

    /** The certificate of the authority that signed both. */
    Path authority() {
        return file(AUTHORITY);
    }

    Path otherAuthority() {
        return file(OTHER_AUTHORITY);
    }

    private Path file(String name) {
        return folder.resolve(name + ".p12");
    }

    /** Makes a key; all are in one file first, where the signer has to be. */
    private void keytool(String alias, String name, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file("all").toString(),
                "-storetype",
                TYPE,
                // By the environment: the command line is for everybody to see.
                "-storepass:env",
                "PASSWORD",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2"));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PASSWORD", password);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void split() throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance(TYPE);
        try (InputStream in = Files.newInputStream(file("all"))) {
            all.load(in, password.toCharArray());
        }
        for (String owner : List.of(BROKER, CLIENT)) {
            KeyStore keys = empty();
            Key key = all.getKey(owner, password.toCharArray());
            keys.setKeyEntry(owner, key, password.toCharArray(), all.getCertificateChain(owner));
            write(keys, owner);
        }
        for (String authority : List.of(AUTHORITY, OTHER_AUTHORITY)) {
            KeyStore trusted = empty();
            Certificate certificate = all.getCertificate(authority);
            trusted.setCertificateEntry(authority, certificate);
            write(trusted, authority);
        }
        Files.delete(file("all"));
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(TYPE);
        store.load(null, null);
        return store;
    }

    private void write(KeyStore store, String name) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file(name))) {
            store.store(out, password.toCharArray());
        }
    }
}

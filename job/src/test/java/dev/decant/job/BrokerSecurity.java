package dev.decant.job;

import dev.decant.local.KafkaBroker;
import dev.decant.local.SecuredListener;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker that demands a login by TLS (SASL_SSL with SCRAM-SHA-512), or a certificate (SSL), and lets a user do what
 * access control lists allow. Tests come by the plain listener, as a user who may do everything. Keys, certificates and
 * passwords are made anew each time, in a folder that {@link #close} deletes.
 */
final class BrokerSecurity implements AutoCloseable {
    /** Who logs in. */
    static final String USER = "decant";

    /** Who comes with the certificate. */
    static final String CERTIFIED_USER = "CN=decant";

    private static final int ITERATIONS = 4_096;

    private final Path folder;
    private final TestCertificates certificates;
    private final String password;
    private final SecuredListener login;
    private final SecuredListener certificate;

    private BrokerSecurity(Path folder, TestCertificates certificates, String password) {
        this.folder = folder;
        this.certificates = certificates;
        this.password = password;
        Map<String, String> tls = Map.of(
                "ssl.keystore.location", certificates.brokerKeys().toString(),
                "ssl.keystore.type", "PKCS12",
                "ssl.keystore.password", certificates.password(),
                "ssl.key.password", certificates.password());
        login = new SecuredListener(
                "SASL_SSL",
                with(
                        tls,
                        Map.of(
                                "sasl.enabled.mechanisms",
                                "SCRAM-SHA-512",
                                "scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;")));
        certificate = new SecuredListener(
                "SSL",
                with(
                        tls,
                        Map.of(
                                "ssl.client.auth",
                                "required",
                                "ssl.truststore.location",
                                certificates.authority().toString(),
                                "ssl.truststore.type",
                                "PKCS12",
                                "ssl.truststore.password",
                                certificates.password())));
    }

    static BrokerSecurity create() throws IOException, GeneralSecurityException, InterruptedException {
        Path folder = Files.createTempDirectory("decant-security-");
        return new BrokerSecurity(folder, TestCertificates.create(folder, secret()), secret());
    }

    /** Starts the broker, which knows {@link #USER} by password then; to be closed by the caller. */
    KafkaBroker start() throws Exception {
        KafkaBroker broker = KafkaBroker.start(
                Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        // Who comes by the plain listener, the broker itself among them.
                        "super.users", "User:ANONYMOUS"),
                List.of(login, certificate));
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)))
                    .all()
                    .get();
        } catch (Exception e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    /** Where one has to log in. */
    SecuredListener login() {
        return login;
    }

    /** Where one has to have a certificate. */
    SecuredListener certificate() {
        return certificate;
    }

    /** Neither password may be seen anywhere. */
    List<String> secrets() {
        return List.of(password, certificates.password());
    }

    TestCertificates certificates() {
        return certificates;
    }

    /** The options of a client that logs in, as {@code --config} takes them. */
    Map<String, String> loginOptions(String user, String password) {
        return with(
                trusting(certificates.authority()),
                Map.of(
                        "kafka.security.protocol",
                        "SASL_SSL",
                        "kafka.sasl.mechanism",
                        "SCRAM-SHA-512",
                        "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user
                                + "\" password=\"" + password + "\";"));
    }

    /** {@link #loginOptions(String, String)} with the password itself. */
    Map<String, String> loginOptions() {
        return loginOptions(USER, password);
    }

    /** The options of a client that comes with its certificate. */
    Map<String, String> certificateOptions() {
        return with(
                trusting(certificates.authority()),
                Map.of(
                        "kafka.security.protocol", "SSL",
                        "kafka.ssl.keystore.location", certificates.clientKeys().toString(),
                        "kafka.ssl.keystore.type", "PKCS12",
                        "kafka.ssl.keystore.password", certificates.password(),
                        "kafka.ssl.key.password", certificates.password()));
    }

    /** The options of a client that trusts what this authority signed. */
    Map<String, String> trusting(Path authority) {
        return Map.of(
                "kafka.ssl.truststore.location", authority.toString(),
                "kafka.ssl.truststore.type", "PKCS12",
                "kafka.ssl.truststore.password", certificates.password());
    }

    /** Writes the two passwords into a file that references read. */
    Path writeSecrets(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("secrets.properties"),
                "login=" + password + "\nstores=" + certificates.password() + "\n");
    }

    /** A file for {@code --config}. */
    static Path writeOptions(Path file, Map<String, String> options) throws IOException {
        List<String> lines = new ArrayList<>();
        options.forEach((key, value) -> lines.add(key + "=" + value));
        return Files.write(file, lines);
    }

    static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static String secret() {
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        return "hidden" + HexFormat.of().formatHex(random);
    }
}

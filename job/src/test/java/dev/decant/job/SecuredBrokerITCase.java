package dev.decant.job;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.decant.audio.PcmFormat;
import dev.decant.audio.PcmFrame;
import dev.decant.audio.SampleFormat;
import dev.decant.kafka.DeadLetterHeaders;
import dev.decant.local.SecuredListener;
import dev.decant.opus.TestStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A broker that demands TLS and a login, or a certificate, and that lets a user do no more than the documentation says is
 * needed: every command works, and what is wrong is told in one sentence.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SecuredBrokerITCase {
    private static final Path HOME = Path.of(System.getProperty("decant.home"));
    private static final Path RECORDING =
            HOME.resolve(Path.of("job", "src", "main", "resources", "samples", "welcome.opus"));
    private static final PcmFormat FORMAT = new PcmFormat(SampleFormat.S16LE, 48_000, 2);
    private static final byte[] MALFORMED_PACKET = {0x0B, 0};

    @RegisterExtension
    static final BrokerExtension kafka = BrokerExtension.secured();

    @TempDir
    private Path folder;

    private BrokerSecurity security;
    private JobTopics topics;

    @BeforeEach
    void takeTopics() {
        security = kafka.security();
        topics = kafka.topics();
    }

    @Test
    void everyCommandWorksWithALoginAndTheRightsItNeeds() throws Exception {
        rightsOfAJob(BrokerSecurity.USER).grant();
        rights(BrokerSecurity.USER).toTopic(topics.packets(), WRITE).grant();
        rights(BrokerSecurity.USER)
                .toGroup("replay")
                .toTransactions("decant-replay@")
                .grant();
        JobTopics secured = at(security.login());
        Path secrets = security.writeSecrets(folder);
        Path options = options(BrokerSecurity.with(
                security.loginOptions(BrokerSecurity.USER, "${file:" + secrets + ":login}"),
                Map.of("kafka.ssl.truststore.password", "${file:" + secrets + ":stores}")));

        assertDone(DecantCall.of(
                "produce",
                "--brokers",
                secured.brokers(),
                "--config",
                options.toString(),
                "--topic",
                topics.packets(),
                RECORDING.toString()));
        List<TestStream> streams = TestStream.ofEveryKind().subList(0, 4);
        topics.produceInterleaved(streams);
        sendMalformedPacket();
        secured.decode(folder, "--config", options.toString(), "--topic", topics.packets());

        List<PcmFrame> frames = topics.readPcm();
        assertThat(frames.stream().filter(frame -> frame.streamId().equals("welcome")))
                .hasSizeGreaterThan(10);
        List<PcmFrame> ofTheStreams = frames.stream()
                .filter(frame -> streams.stream().map(TestStream::name).anyMatch(frame.streamId()::equals))
                .toList();
        StreamPcm.assertDecoded(StreamPcm.of(ofTheStreams, FORMAT), streams, FORMAT);
        assertThat(topics.readDeadLetters())
                .extracting(letter -> new String(
                        letter.headers().lastHeader(DeadLetterHeaders.REASON).value(), StandardCharsets.UTF_8))
                .containsExactly("MALFORMED_PACKET");

        DecantCall replayed = DecantCall.of(
                "replay-dead-letters",
                "--brokers",
                secured.brokers(),
                "--config",
                options.toString(),
                "--dead-letter-topic",
                topics.deadLetters(),
                "--group",
                "replay");
        assertDone(replayed);
        assertThat(replayed.out()).containsPattern("MALFORMED_PACKET +1 +0 +0");
    }

    @Test
    void aCertificateOfTheClientIsEnoughWhereOneIsDemanded() throws Exception {
        rightsOfAJob(BrokerSecurity.CERTIFIED_USER)
                .toTopic(topics.packets(), DESCRIBE_CONFIGS)
                .toTopic(topics.pcm(), DESCRIBE_CONFIGS)
                .toTopic(topics.deadLetters(), DESCRIBE_CONFIGS)
                .toBrokerSettings()
                .grant();
        List<TestStream> streams = TestStream.ofEveryKind().subList(0, 4);
        topics.produceInterleaved(streams);

        at(security.certificate())
                .decode(
                        folder,
                        "--config",
                        options(security.certificateOptions()).toString(),
                        "--topic",
                        topics.packets());

        StreamPcm.assertDecoded(StreamPcm.of(topics.readPcm(), FORMAT), streams, FORMAT);
    }

    /** What can be wrong, with what a client is told about it. */
    enum Wrong {
        PASSWORD("the login was refused (Authentication failed during authentication due to invalid credentials"
                + " with SASL mechanism SCRAM-SHA-512): see to sasl.mechanism and sasl.jaas.config") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) {
                return security.loginOptions(
                        BrokerSecurity.USER, "wrong-" + security.secrets().get(0));
            }
        },
        AUTHORITY("TLS came to nothing (") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) {
                return BrokerSecurity.with(
                        security.loginOptions(),
                        security.trusting(security.certificates().otherAuthority()));
            }
        },
        NO_CREDENTIALS("if the brokers want TLS or a login, give the Kafka properties security.protocol") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) {
                return Map.of();
            }
        },
        NO_LOGIN("cannot set up a client for the brokers at ") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) {
                return BrokerSecurity.with(
                        security.trusting(security.certificates().authority()),
                        Map.of("kafka.security.protocol", "SASL_SSL", "kafka.sasl.mechanism", "SCRAM-SHA-512"));
            }
        },
        LOGIN_WITHOUT_QUOTES("the Kafka property sasl.jaas.config cannot be read") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) {
                Map<String, String> options = security.loginOptions();
                options.computeIfPresent("kafka.sasl.jaas.config", (key, login) -> login.replace("\"", "")
                        .replace("=hidden", "= x hidden"));
                return options;
            }
        },
        KEY_OF_THE_STORE("cannot set up a client for the brokers at ") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) {
                return BrokerSecurity.with(
                        security.loginOptions(), Map.of("kafka.ssl.truststore.password", "wrong-password"));
            }
        },
        REFERENCE("the Kafka property sasl.jaas.config refers to ${file:") {
            @Override
            Map<String, String> options(BrokerSecurity security, Path folder) throws IOException {
                Path secrets = security.writeSecrets(folder);
                return security.loginOptions(BrokerSecurity.USER, "${file:" + secrets + ":nothing}");
            }
        };

        private final String sentence;

        Wrong(String sentence) {
            this.sentence = sentence;
        }

        abstract Map<String, String> options(BrokerSecurity security, Path folder) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void whatIsWrongIsToldInOneSentenceWithoutSecrets(Wrong wrong) throws Exception {
        JobTopics secured = at(security.login());
        Path options = options(wrong.options(security, folder));

        DecantCall call = DecantCall.of(secured.streamArguments(
                "--config", options.toString(), "--topic", topics.packets(), "--delivery", "at-least-once"));

        assertRefused(call, secured, wrong.sentence);
    }

    @Test
    void noCertificateIsToldToo() throws Exception {
        JobTopics secured = at(security.certificate());
        Path options = options(BrokerSecurity.with(
                security.trusting(security.certificates().authority()), Map.of("kafka.security.protocol", "SSL")));

        DecantCall call = DecantCall.of(secured.streamArguments(
                "--config", options.toString(), "--topic", topics.packets(), "--delivery", "at-least-once"));

        assertRefused(call, secured, "ssl.keystore.*");
    }

    @Test
    void theLauncherPrintsNoStackTraceForAWrongPassword() throws Exception {
        JobTopics secured = at(security.login());
        Path options = options(Wrong.PASSWORD.options(security, folder));
        for (List<String> arguments : List.of(
                List.of("produce", "--topic", topics.packets(), RECORDING.toString()),
                List.of("replay-dead-letters", "--dead-letter-topic", topics.deadLetters()))) {
            List<String> command =
                    new ArrayList<>(List.of(HOME.resolve("decant").toString()));
            command.addAll(arguments);
            command.addAll(List.of("--brokers", secured.brokers(), "--config", options.toString()));

            Process process = new ProcessBuilder(command).start();
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            DecantCall call = new DecantCall(process.waitFor(), "", err);

            assertRefused(call, secured, Wrong.PASSWORD.sentence);
        }
    }

    @Test
    void rightsThatAreMissingAreNamedBeforeTheJobStarts() throws Exception {
        Path options = options(security.loginOptions());
        JobTopics secured = at(security.login());
        String[] arguments = secured.streamArguments(
                "--config",
                options.toString(),
                "--topic",
                topics.packets(),
                "--checkpoints",
                folder.resolve("checkpoints").toUri().toString());

        assertRefused(DecantCall.of(arguments), secured, "packet topic \"" + topics.packets() + "\"");

        rights(BrokerSecurity.USER)
                .toTopic(topics.packets(), READ)
                .toTopic(topics.pcm(), READ)
                .grant();
        assertRefused(
                DecantCall.of(arguments),
                secured,
                "PCM topic \"" + topics.pcm() + "\" at " + secured.brokers() + " may not be written by this user");
    }

    /** What the documentation says a job needs. */
    private UserRights rightsOfAJob(String user) {
        return rights(user)
                .toTopic(topics.packets(), READ)
                .toGroup("decant")
                .toTopic(topics.pcm(), WRITE, READ)
                .toTopic(topics.deadLetters(), WRITE, READ)
                .toTransactions(topics.pcm());
    }

    private UserRights rights(String user) {
        return new UserRights(kafka.bootstrapServers(), user);
    }

    /** The topics as one sees them who comes by another listener. */
    private JobTopics at(SecuredListener listener) {
        return new JobTopics(
                kafka.broker().bootstrapServers(listener), topics.packets(), topics.pcm(), topics.deadLetters());
    }

    private Path options(Map<String, String> options) throws IOException {
        return BrokerSecurity.writeOptions(folder.resolve("decant.properties"), options);
    }

    private void sendMalformedPacket() {
        try (KafkaProducer<byte[], byte[]> producer = topics.plainProducer()) {
            producer.send(new ProducerRecord<>(
                    topics.packets(), "mallory".getBytes(StandardCharsets.UTF_8), MALFORMED_PACKET));
        }
    }

    private static void assertDone(DecantCall call) {
        assertThat(call.exitCode()).as(call.err()).isZero();
        assertThat(call.err()).isEmpty();
    }

    private void assertRefused(DecantCall call, JobTopics secured, String sentence) {
        assertThat(call.exitCode()).as(call.err()).isEqualTo(1);
        assertThat(call.err()).contains("decant: ", secured.brokers(), sentence).doesNotContain("\tat ");
        // Ours, one that Kafka's client logs when it runs by itself, and one of the launcher's before its first run.
        assertThat(call.err().lines().count()).as(call.err()).isLessThanOrEqualTo(3);
        Stream.concat(security.secrets().stream(), Stream.of("wrong-"))
                .forEach(secret -> assertThat(call.err()).doesNotContain(secret));
    }
}

package dev.decant.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a user is allowed at a broker with access control lists: nothing but what is granted here, as the table in
 * {@code job/docs/security.md} has it.
 */
final class UserRights {
    private static final String CLUSTER = "kafka-cluster";

    private final String brokers;
    private final String user;
    private final List<AclBinding> granted = new ArrayList<>();

    /** @param brokers where somebody may come by who may grant */
    UserRights(String brokers, String user) {
        this.brokers = brokers;
        this.user = user;
    }

    UserRights toTopic(String topic, AclOperation... operations) {
        return to(ResourceType.TOPIC, topic, PatternType.LITERAL, operations);
    }

    UserRights toGroup(String group) {
        return to(ResourceType.GROUP, group, PatternType.LITERAL, AclOperation.READ);
    }

    /** To transactional IDs that begin so. */
    UserRights toTransactions(String prefix) {
        return to(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, AclOperation.WRITE);
    }

    /** To look at the settings of the brokers. */
    UserRights toBrokerSettings() {
        return to(ResourceType.CLUSTER, CLUSTER, PatternType.LITERAL, AclOperation.DESCRIBE_CONFIGS);
    }

    /** Grants them; they hold when this returns. */
    void grant() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers))) {
            admin.createAcls(granted).all().get();
        }
    }

    private UserRights to(ResourceType type, String name, PatternType pattern, AclOperation... operations) {
        for (AclOperation operation : operations) {
            granted.add(new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)));
        }
        return this;
    }
}

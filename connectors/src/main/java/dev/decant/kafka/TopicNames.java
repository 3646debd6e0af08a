package dev.decant.kafka;

import org.apache.kafka.common.internals.Topic;

/** What Kafka takes as the name of a topic. */
final class TopicNames {
    private TopicNames() {}

    /**
     * @param role what the topic is for, as a message names it: "packet topic"
     * @throws IllegalArgumentException if {@code topic} is null or no topic can be named so
     */
    static String require(String role, String topic) {
        if (topic == null) {
            throw new IllegalArgumentException("no " + role + ": give the name of one");
        }
        if (!Topic.isValid(topic)) {
            throw new IllegalArgumentException("the " + role + " cannot be named \"" + topic
                    + "\": take 1 to 249 letters, digits, dots, underscores and hyphens");
        }
        return topic;
    }
}

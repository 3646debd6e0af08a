/**
 * Kafka: records into packets, PCM into records, dead letters and their replay, and a client that produces packets. What a record looks
 * like is said by {@link dev.decant.audio.PacketHeaders}, {@link dev.decant.kafka.PcmHeaders} and
 * {@link dev.decant.kafka.DeadLetterHeaders}.
 */
package dev.decant.kafka;

/**
 * A real Kafka broker and a real Flink on this machine, for the demo, to try things out with, and for the integration tests:
 * {@link dev.decant.local.KafkaBroker} and {@link dev.decant.local.FlinkCluster} are processes of their own,
 * {@link dev.decant.local.LocalFlink} runs in this one. What is started here listens on 127.0.0.1 only, keeps its data in
 * a temporary folder, and is gone when it is closed or when this JVM ends, however that ends.
 */
package dev.decant.local;

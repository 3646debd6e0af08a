/** What decoding costs beside a C loop, and what it costs to come back after a failure. {@link dev.decant.bench.Bench} is the command. */
package dev.decant.bench;

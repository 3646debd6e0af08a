/** What decoding costs, beside a C loop over the same packets. {@link dev.decant.bench.Bench} is the command. */
package dev.decant.bench;

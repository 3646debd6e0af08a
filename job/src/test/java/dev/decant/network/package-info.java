/** A simulated network, and real speech to send through it: for the tests, and for the benchmarks' table. */
package dev.decant.network;

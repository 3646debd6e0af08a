/**
 * What whoever operates a job sees of it: metrics, each named once with its unit and its meaning, and lines of the log, which
 * neither come in floods nor can be forged by what a stream is called.
 */
package dev.decant.monitoring;

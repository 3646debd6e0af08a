/** Pipelines, options and the command line. {@link dev.decant.job.Decant} is the door. */
package dev.decant.job;

/**
 * Recordings, read as Opus packets: {@link dev.decant.container.Recordings} is the door to one of them,
 * {@link dev.decant.container.RecordingSource} to all of a folder. What a container is, its bytes tell, never its name.
 * Everything streams: a recording of ten hours costs no more memory than one of ten seconds, and a million of them no more
 * than ten.
 */
package dev.decant.container;

/**
 * Recordings, read as Opus packets: {@link dev.decant.container.Recordings} is the door. What a container is, its bytes
 * tell, never its name. Everything streams: a recording of ten hours costs no more memory than one of ten seconds.
 */
package dev.decant.container;

/**
 * RTP packets, read as Opus packets (RFC 3550, RFC 7587), with the redundant copies that they carry (RFC 2198):
 * {@link dev.decant.rtp.RtpReader} is the door.
 */
package dev.decant.rtp;

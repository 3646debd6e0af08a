/*
 * The reference for whole recordings: turns a tree of Ogg Opus files into WAV files, as a plain C program would.
 *
 *   c-transcode LIBRARY IN OUT
 *
 * IN/a/b.opus becomes OUT/a/b.wav, 48 kHz s16le, which must not be there yet. One thread, one recording after the other.
 * Pages are checked by their checksum (RFC 3533, section 6), pre-skip and end are trimmed and the gain is applied
 * (RFC 7845). It reads what an encoder wrote: one link, mono or stereo, undamaged, no cover art. Anything else ends it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RATE = 48000,
    MOST_CHANNELS = 2,
    MOST_SAMPLES = 5760,
    MOST_PACKET_BYTES = 61440,
    PAGE_HEAD_BYTES = 27,
    MOST_PAGE_BYTES = PAGE_HEAD_BYTES + 255 + 255 * 255,
    CHECKSUM_AT = 22,
    CONTINUED = 1,
    FIRST = 2,
    LAST = 4,
    HEAD_BYTES = 19,
    WAV_HEAD_BYTES = 44,
    WRITTEN_AT_ONCE = 1 << 18,
    SET_GAIN = 4034,
    OPEN_FOLDERS = 16
};

typedef struct OpusDecoder OpusDecoder;

static int (*decoder_get_size)(int channels);
static int (*decoder_init)(OpusDecoder *decoder, int32_t rate, int channels);
static int (*decoder_ctl)(OpusDecoder *decoder, int request, ...);
static int (*decode)(OpusDecoder *decoder, const unsigned char *data, int32_t length, int16_t *pcm, int frame_size, int fec);

static const char *in_folder;
static const char *out_folder;
static OpusDecoder *decoders[MOST_CHANNELS + 1];
static uint32_t checksums[256];

/* The recording at hand. */
static const char *name;
static FILE *in;
static unsigned char page[MOST_PAGE_BYTES];
static unsigned char packet[MOST_PACKET_BYTES];
static size_t packet_bytes;
static long packets;
static int channels;
static int64_t pre_skip;
static int64_t position; /* of the next sample, from the first one that is decoded */
static int64_t end;      /* where the last page says that it ends */

/* Its WAV. */
static int out;
static unsigned char pcm[WRITTEN_AT_ONCE + MOST_SAMPLES * MOST_CHANNELS * sizeof(int16_t)];
static size_t pcm_bytes;
static uint64_t data_bytes;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "c-transcode: %s: %s\n", what, why);
    exit(1);
}

/* The way Decant opens it: nothing of another libopus in the process can mix with it. */
static void open_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == NULL) {
        fail(path, dlerror());
    }
    *(void **)&decoder_get_size = dlsym(library, "opus_decoder_get_size");
    *(void **)&decoder_init = dlsym(library, "opus_decoder_init");
    *(void **)&decoder_ctl = dlsym(library, "opus_decoder_ctl");
    *(void **)&decode = dlsym(library, "opus_decode");
    if (decoder_get_size == NULL || decoder_init == NULL || decoder_ctl == NULL || decode == NULL) {
        fail(path, "not a libopus");
    }
    for (int n = 1; n <= MOST_CHANNELS; n++) {
        decoders[n] = malloc((size_t)decoder_get_size(n));
        if (decoders[n] == NULL) {
            fail("memory", "too little");
        }
    }
}

static void fill_checksums(void)
{
    for (uint32_t octet = 0; octet < 256; octet++) {
        uint32_t remainder = octet << 24;
        for (int bit = 0; bit < 8; bit++) {
            remainder = remainder << 1 ^ (remainder >> 31 ? UINT32_C(0x04c11db7) : 0);
        }
        checksums[octet] = remainder;
    }
}

static uint32_t checksum(const unsigned char *bytes, size_t count)
{
    uint32_t result = 0;
    for (size_t i = 0; i < count; i++) {
        result = result << 8 ^ checksums[result >> 24 ^ bytes[i]];
    }
    return result;
}

static uint32_t little_endian(const unsigned char *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        value |= (uint32_t)bytes[i] << 8 * i;
    }
    return value;
}

static void put(unsigned char *bytes, uint32_t value, int count)
{
    for (int i = 0; i < count; i++) {
        bytes[i] = (unsigned char)(value >> 8 * i);
    }
}

/* Written as a whole, or the program ends. */
static void write_out(const unsigned char *bytes, size_t count, off_t at)
{
    while (count > 0) {
        ssize_t written = pwrite(out, bytes, count, at);
        if (written <= 0) {
            fail(name, "its WAV cannot be written");
        }
        bytes += written;
        count -= (size_t)written;
        at += written;
    }
}

static void flush_pcm(void)
{
    write_out(pcm, pcm_bytes, (off_t)(WAV_HEAD_BYTES + data_bytes));
    data_bytes += pcm_bytes;
    pcm_bytes = 0;
}

static void write_wav_head(void)
{
    unsigned char head[WAV_HEAD_BYTES];
    uint32_t sample_bytes = (uint32_t)channels * sizeof(int16_t);
    if (data_bytes > UINT32_MAX - WAV_HEAD_BYTES) {
        fail(name, "too long for a WAV");
    }
    memcpy(head, "RIFF", 4);
    put(head + 4, (uint32_t)data_bytes + WAV_HEAD_BYTES - 8, 4);
    memcpy(head + 8, "WAVEfmt ", 8);
    put(head + 16, 16, 4);
    put(head + 20, 1, 2);
    put(head + 22, (uint32_t)channels, 2);
    put(head + 24, RATE, 4);
    put(head + 28, RATE * sample_bytes, 4);
    put(head + 32, sample_bytes, 2);
    put(head + 34, 16, 2);
    memcpy(head + 36, "data", 4);
    put(head + 40, (uint32_t)data_bytes, 4);
    write_out(head, sizeof head, 0);
}

/* RFC 7845, section 5.1. */
static void take_head(void)
{
    if (packet_bytes < HEAD_BYTES || memcmp(packet, "OpusHead", 8) != 0 || packet[8] >> 4 != 0) {
        fail(name, "not Opus");
    }
    channels = packet[9];
    if (packet[18] != 0 || channels < 1 || channels > MOST_CHANNELS) {
        fail(name, "neither mono nor stereo");
    }
    pre_skip = little_endian(packet + 10, 2);
    int gain = (int16_t)little_endian(packet + 16, 2);
    if (decoder_init(decoders[channels], RATE, channels) != 0 || decoder_ctl(decoders[channels], SET_GAIN, gain) != 0) {
        fail(name, "no decoder for it");
    }
}

/* Decodes to the place behind the samples that wait, and moves what is to be kept of it there. */
static void take_audio(void)
{
    int16_t *to = (int16_t *)(void *)(pcm + pcm_bytes);
    int samples = decode(decoders[channels], packet, (int32_t)packet_bytes, to, MOST_SAMPLES, 0);
    if (samples < 0) {
        fail(name, "a packet cannot be decoded");
    }
    int64_t from = pre_skip > position ? pre_skip - position : 0;
    int64_t until = end - position < samples ? end - position : samples;
    position += samples;
    if (from >= until) {
        return;
    }
    size_t sample_bytes = (size_t)channels * sizeof(int16_t);
    if (from > 0) {
        memmove(to, to + from * channels, (size_t)(until - from) * sample_bytes);
    }
    pcm_bytes += (size_t)(until - from) * sample_bytes;
    if (pcm_bytes >= WRITTEN_AT_ONCE) {
        flush_pcm();
    }
}

static void take_packet(void)
{
    if (packets == 0) {
        take_head();
    } else if (packets == 1) {
        if (packet_bytes < 8 || memcmp(packet, "OpusTags", 8) != 0) {
            fail(name, "no OpusTags");
        }
    } else {
        take_audio();
    }
    packets++;
    packet_bytes = 0;
}

/* Reads the next page, whole and checked. 0: the file is over. */
static int read_page(void)
{
    size_t bytes = fread(page, 1, PAGE_HEAD_BYTES, in);
    if (bytes == 0) {
        return 0;
    }
    if (bytes != PAGE_HEAD_BYTES || memcmp(page, "OggS", 5) != 0) {
        fail(name, "not a page of Ogg");
    }
    size_t segments = page[26];
    if (fread(page + PAGE_HEAD_BYTES, 1, segments, in) != segments) {
        fail(name, "ends within a page");
    }
    size_t body = 0;
    for (size_t i = 0; i < segments; i++) {
        body += page[PAGE_HEAD_BYTES + i];
    }
    size_t head = PAGE_HEAD_BYTES + segments;
    if (fread(page + head, 1, body, in) != body) {
        fail(name, "ends within a page");
    }
    uint32_t stated = little_endian(page + CHECKSUM_AT, 4);
    memset(page + CHECKSUM_AT, 0, 4);
    if (checksum(page, head + body) != stated) {
        fail(name, "a page is damaged");
    }
    return 1;
}

/* Puts the packets of the page together, and takes those that end on it. */
static void take_page(void)
{
    const unsigned char *lacing = page + PAGE_HEAD_BYTES;
    const unsigned char *body = lacing + page[26];
    if (((page[5] & CONTINUED) != 0) != (packet_bytes > 0)) {
        fail(name, "a page is missing");
    }
    for (int i = 0; i < page[26]; i++) {
        if (packet_bytes + lacing[i] > MOST_PACKET_BYTES) {
            fail(name, "a packet is too large");
        }
        memcpy(packet + packet_bytes, body, lacing[i]);
        packet_bytes += lacing[i];
        body += lacing[i];
        if (lacing[i] < 255) {
            take_packet();
        }
    }
}

/* RFC 7845, section 4: granule positions count from where the first page of audio says that it ends. */
static void read_pages(void)
{
    uint32_t serial_number = 0;
    int64_t offset = 0;
    int last = 0;
    for (long n = 0; read_page(); n++) {
        int64_t granule_position = (int64_t)(little_endian(page + 6, 4) | (uint64_t)little_endian(page + 10, 4) << 32);
        if (n == 0) {
            serial_number = little_endian(page + 14, 4);
        }
        if (last || (n == 0) != ((page[5] & FIRST) != 0) || little_endian(page + 14, 4) != serial_number) {
            fail(name, "more than one stream");
        }
        last = (page[5] & LAST) != 0;
        if (last && granule_position >= 0) {
            end = granule_position + offset;
        }
        int first_audio = position == 0;
        take_page();
        if (first_audio && position > 0 && !last && granule_position >= 0) {
            offset = position - granule_position;
        }
    }
    if (packets < 2 || packet_bytes > 0) {
        fail(name, "ends too early");
    }
}

static void transcode(const char *wav)
{
    in = fopen(name, "rb");
    if (in == NULL) {
        fail(name, strerror(errno));
    }
    out = open(wav, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (out < 0) {
        fail(wav, strerror(errno));
    }
    packet_bytes = 0;
    packets = 0;
    position = 0;
    end = INT64_MAX;
    pcm_bytes = 0;
    data_bytes = 0;
    read_pages();
    flush_pcm();
    write_wav_head();
    fclose(in);
    if (close(out) != 0) {
        fail(wav, strerror(errno));
    }
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)place;
    char target[PATH_MAX];
    size_t length = strlen(path);
    if (snprintf(target, sizeof target, "%s%s", out_folder, path + strlen(in_folder)) >= (int)sizeof target) {
        fail(path, "its path is too long");
    }
    if (type == FTW_D) {
        if (mkdir(target, 0777) != 0 && errno != EEXIST) {
            fail(target, strerror(errno));
        }
    } else if (type == FTW_F && length > 5 && strcmp(path + length - 5, ".opus") == 0) {
        strcpy(target + strlen(target) - 5, ".wav");
        name = path;
        transcode(target);
    } else if (type != FTW_F) {
        fail(path, "cannot be read");
    }
    return 0;
}

int main(int count, char **arguments)
{
    if (count != 4) {
        fail("usage", "c-transcode LIBRARY IN OUT");
    }
    open_library(arguments[1]);
    fill_checksums();
    in_folder = arguments[2];
    out_folder = arguments[3];
    if (nftw(in_folder, visit, OPEN_FOLDERS, FTW_PHYS) != 0) {
        fail(in_folder, strerror(errno));
    }
    return 0;
}

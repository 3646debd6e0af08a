/*
 * A receiver that does as it is told, with nothing but libopus' C API: what Decant's samples are compared with.
 *
 *   receiver LIBRARY STEPS RATE CHANNELS PCM
 *
 * STEPS holds, for each step, one letter, its length in 48 kHz ticks, the length of its packet in bytes (32 bit each,
 * big-endian) and the packet:
 *
 *   P  decode the packet
 *   F  recover the frame before the packet from it
 *   C  conceal
 *   Z  silence
 *   R  begin anew
 *   E  nothing: the stream is over
 *
 * PCM gets the samples, 16 bit, interleaved, in the machine's byte order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SAMPLES = 5760, MOST_PACKET_BYTES = 61440, MEDIA_CLOCK = 48000, OPUS_RESET_STATE = 4028 };

typedef struct OpusDecoder OpusDecoder;

static OpusDecoder *(*decoder_create)(int32_t rate, int channels, int *error);
static int (*decode)(OpusDecoder *decoder, const unsigned char *data, int32_t length, int16_t *pcm, int frame_size, int fec);
static int (*decoder_ctl)(OpusDecoder *decoder, int request, ...);

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "receiver: %s: %s\n", what, why);
    exit(1);
}

static void open_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fail(path, dlerror());
    }
    *(void **)&decoder_create = dlsym(library, "opus_decoder_create");
    *(void **)&decode = dlsym(library, "opus_decode");
    *(void **)&decoder_ctl = dlsym(library, "opus_decoder_ctl");
    if (decoder_create == NULL || decode == NULL || decoder_ctl == NULL) {
        fail(path, "not a libopus");
    }
}

static uint32_t read_number(FILE *steps)
{
    unsigned char bytes[4];
    if (fread(bytes, 1, sizeof bytes, steps) != sizeof bytes) {
        fail("steps", "end within a step");
    }
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

int main(int count, char **arguments)
{
    static unsigned char packet[MOST_PACKET_BYTES];
    static int16_t pcm[2 * MOST_SAMPLES];
    if (count != 6) {
        fail("usage", "receiver LIBRARY STEPS RATE CHANNELS PCM");
    }
    open_library(arguments[1]);
    FILE *steps = fopen(arguments[2], "rb");
    int rate = atoi(arguments[3]);
    int channels = atoi(arguments[4]);
    FILE *out = fopen(arguments[5], "wb");
    if (steps == NULL || out == NULL) {
        fail("files", "cannot be opened");
    }
    int error;
    OpusDecoder *decoder = decoder_create(rate, channels, &error);
    if (decoder == NULL) {
        fail("opus_decoder_create", "failed");
    }
    for (int step = fgetc(steps); step != EOF; step = fgetc(steps)) {
        int samples = (int)(read_number(steps) / (MEDIA_CLOCK / rate));
        uint32_t length = read_number(steps);
        if (length > sizeof packet || fread(packet, 1, length, steps) != length) {
            fail("steps", "end within a packet");
        }
        switch (step) {
        case 'P':
            samples = decode(decoder, packet, (int32_t)length, pcm, MOST_SAMPLES / (MEDIA_CLOCK / rate), 0);
            break;
        case 'F':
            samples = decode(decoder, packet, (int32_t)length, pcm, samples, 1);
            break;
        case 'C':
            samples = decode(decoder, NULL, 0, pcm, samples, 0);
            break;
        case 'Z':
            memset(pcm, 0, sizeof pcm);
            for (; samples > MOST_SAMPLES; samples -= MOST_SAMPLES) {
                fwrite(pcm, sizeof *pcm * (size_t)channels, MOST_SAMPLES, out);
            }
            break;
        case 'R':
            decoder_ctl(decoder, OPUS_RESET_STATE);
            break;
        case 'E':
            break;
        default:
            fail("steps", "hold a letter that is no step");
        }
        if (samples < 0) {
            fail("opus_decode", "failed");
        }
        fwrite(pcm, sizeof *pcm * (size_t)channels, (size_t)samples, out);
    }
    return fclose(out) == 0 ? 0 : 1;
}

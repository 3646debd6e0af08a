/*
 * The reference: decodes the packets of a file, one after the other, as a plain C program would.
 *
 *   c-loop LIBRARY PACKETS RATE CHANNELS [STREAMS ROUNDS]
 *
 * PACKETS holds, for each packet, its length (32 bit, little-endian) and its bytes. Commands come on standard input,
 * one a line, and each is answered by one line:
 *
 *   cpu N      decode the next N packets; the answer is the CPU time that the thread took for it, in ns
 *   hash N     the same, but the answer is the FNV-1a hash (64 bit) of the samples, in hexadecimal
 *   samples N  the same, but the answer is how many samples a channel there were
 *   streams 0  the answer is a hash of all samples so far of a hundred streams, in hexadecimal, as ComparedStreams.java makes it;
 *              of none where there are fewer
 *
 * After the last packet comes the first one again, to the same decoder. The end of standard input ends the program.
 *
 * STREAMS have a decoder each, and take turns packet by packet, as in PacketRounds.java: all are made of the same packets, but
 * begin somewhere else among them, and each ends in one of the first ROUNDS rounds, and begins anew after that.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_SAMPLES = 5760, MOST_PACKET_BYTES = 61440, ALIGNMENT = 64, COMPARED_STREAMS = 100, APART = 31 };

typedef struct OpusDecoder OpusDecoder;

static int (*decoder_get_size)(int channels);
static int (*decoder_init)(OpusDecoder *decoder, int32_t rate, int channels);
static int (*decode)(OpusDecoder *decoder, const unsigned char *data, int32_t length, int16_t *pcm, int frame_size, int fec);

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "c-loop: %s: %s\n", what, why);
    exit(1);
}

static void *aligned(size_t bytes)
{
    void *memory = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (memory == NULL) {
        fail("memory", "too little");
    }
    return memory;
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
    *(void **)&decode = dlsym(library, "opus_decode");
    if (decoder_get_size == NULL || decoder_init == NULL || decode == NULL) {
        fail(path, "not a libopus");
    }
}

static unsigned char *read_file(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fail(path, "cannot be read");
    }
    *bytes = (size_t)ftell(file);
    rewind(file);
    unsigned char *content = malloc(*bytes);
    if (content == NULL || fread(content, 1, *bytes, file) != *bytes) {
        fail(path, "cannot be read");
    }
    fclose(file);
    return content;
}

static int64_t thread_cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static uint64_t fnv1a(uint64_t hash, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Of whole words, since it is made while the time is taken; as in WordsHash.java. */
static uint64_t words_hash(uint64_t hash, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    for (size_t i = 0; i + 8 <= bytes; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static const unsigned char **places_of_packets(const char *path, long *count)
{
    size_t bytes;
    const unsigned char *at = read_file(path, &bytes);
    const unsigned char *end = at + bytes;
    const unsigned char **places = malloc(bytes / sizeof(int32_t) * sizeof *places);
    if (places == NULL) {
        fail("memory", "too little");
    }
    for (*count = 0; at < end; (*count)++) {
        int32_t length;
        memcpy(&length, at, sizeof length);
        places[*count] = at;
        at += sizeof length + (size_t)length;
    }
    return places;
}

int main(int count, char **arguments)
{
    if (count != 5 && count != 7) {
        fail("usage", "c-loop LIBRARY PACKETS RATE CHANNELS [STREAMS ROUNDS]");
    }
    open_library(arguments[1]);
    long packet_count;
    const unsigned char **packets = places_of_packets(arguments[2], &packet_count);
    int rate = atoi(arguments[3]);
    int channels = atoi(arguments[4]);
    long streams = count == 7 ? atol(arguments[5]) : 1;
    long rounds = count == 7 ? atol(arguments[6]) : 0;
    long every = streams / COMPARED_STREAMS;

    OpusDecoder **decoders = malloc((size_t)streams * sizeof *decoders);
    uint64_t *hashes = calloc((size_t)streams, sizeof *hashes);
    if (decoders == NULL || hashes == NULL) {
        fail("memory", "too little");
    }
    for (long stream = 0; stream < streams; stream++) {
        decoders[stream] = aligned((size_t)decoder_get_size(channels));
        if (decoder_init(decoders[stream], rate, channels) != 0) {
            fail("opus_decoder_init", "failed");
        }
    }
    unsigned char *input = aligned(MOST_PACKET_BYTES);
    int16_t *output = aligned(MOST_SAMPLES * (size_t)channels * sizeof(int16_t));
    int16_t *taken = aligned(MOST_SAMPLES * (size_t)channels * sizeof(int16_t));

    long stream = 0;
    long round = 0;
    char command[8];
    for (long batch; scanf("%7s %ld", command, &batch) == 2;) {
        int hashing = strcmp(command, "hash") == 0;
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        long long samples_of_batch = 0;
        int64_t start = thread_cpu_ns();
        for (long n = 0; n < batch; n++) {
            if (rounds > 0 && round == 1 + stream % rounds) {
                decoder_init(decoders[stream], rate, channels);
            } else {
                const unsigned char *at = packets[(APART * stream + round) % packet_count];
                int32_t length;
                memcpy(&length, at, sizeof length);
                memcpy(input, at + sizeof length, (size_t)length);
                int samples = decode(decoders[stream], input, length, output, MOST_SAMPLES, 0);
                if (samples < 0) {
                    fail("opus_decode", "failed");
                }
                samples_of_batch += samples;
                size_t pcm_bytes = (size_t)samples * (size_t)channels * sizeof(int16_t);
                memcpy(taken, output, pcm_bytes);
                __asm__ volatile("" : : "r"(taken) : "memory"); /* Somebody may read it: the copy is not left out. */
                if (hashing) {
                    hash = fnv1a(hash, taken, pcm_bytes);
                } else if (every > 0 && stream % every == 0) {
                    hashes[stream] = words_hash(hashes[stream], taken, pcm_bytes);
                }
            }
            if (++stream == streams) {
                stream = 0;
                round++;
            }
        }
        if (hashing) {
            printf("%016llx\n", (unsigned long long)hash);
        } else if (strcmp(command, "samples") == 0) {
            printf("%lld\n", samples_of_batch);
        } else if (strcmp(command, "streams") == 0) {
            for (long compared = 0; every > 0 && compared < streams; compared += every) {
                hash = words_hash(hash, &hashes[compared], sizeof hashes[compared]);
            }
            printf("%016llx\n", (unsigned long long)hash);
        } else {
            printf("%lld\n", (long long)(thread_cpu_ns() - start));
        }
        fflush(stdout);
    }
    return 0;
}

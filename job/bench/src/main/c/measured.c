/*
 * Runs a command and writes to a file what it took.
 *
 *   measured FILE COMMAND [ARGUMENT…]
 *
 * FILE then holds three numbers. CPU time, µs: user and system time of the command and of all processes that came of it;
 * orphans among them come to this process, which waits for them too. Peak memory, KiB: the most that one of these processes was
 * resident with (VmHWM). Wall clock, µs: from the start to the end of the last one. The exit code is the command's; 128 and
 * the signal if one ended it; 127 if it cannot be run.
 *
 * It is a program of its own, and a small one, because a process begins with the peak of the one it was forked from, which
 * would be that of a JVM.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int64_t us(struct timeval time)
{
    return time.tv_sec * INT64_C(1000000) + time.tv_usec;
}

int main(int count, char **arguments)
{
    if (count < 3) {
        fprintf(stderr, "usage: measured FILE COMMAND [ARGUMENT…]\n");
        return 2;
    }
    FILE *result = fopen(arguments[1], "we");
    if (result == NULL) {
        perror(arguments[1]);
        return 127;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    int64_t start = now_us();
    pid_t command = fork();
    if (command == 0) {
        execvp(arguments[2], arguments + 2);
        perror(arguments[2]);
        _exit(127);
    }
    if (command < 0) {
        perror("fork");
        return 127;
    }
    int exit_code = 0;
    int status;
    for (pid_t ended; (ended = wait(&status)) > 0;) {
        if (ended == command) {
            exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
    }
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    fprintf(result, "%lld %ld %lld\n", (long long)(us(used.ru_utime) + us(used.ru_stime)), used.ru_maxrss,
            (long long)(now_us() - start));
    if (fclose(result) != 0) {
        perror(arguments[1]);
        return 127;
    }
    return exit_code;
}

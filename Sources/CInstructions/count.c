#include "CInstructions.h"

#ifdef __linux__
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// Not raise(): it takes a few instructions of its own, but always the same.
static void mark(void) { syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), SIGSTOP); }

static void child(void (*work)(void *, int), void *context, int pieces) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(1);
    // Symbols are bound and memory is at hand before anything counts.
    for (int piece = 0; piece < pieces; piece++) work(context, piece);
    for (int piece = 0; piece < pieces; piece++) {
        mark();
        work(context, piece);
        mark();
    }
    _exit(0);
}

// Lets the child go on until it stops; the signal, or -1 when it has ended or there is no time.
static int advance(pid_t pid, int how, double end) {
    if (ptrace(how, pid, 0, 0) != 0) return -1;
    int status = 0;
    while (1) {
        pid_t found = waitpid(pid, &status, WNOHANG);
        if (found == pid) return WIFSTOPPED(status) ? WSTOPSIG(status) : -1;
        if (found < 0 && errno != EINTR) return -1;
        if (now() > end) return -1;
    }
}

static int count(pid_t pid, int pieces, long *counts, double end) {
    for (int piece = 0; piece < pieces; piece++) {
        if (piece > 0 && advance(pid, PTRACE_CONT, end) != SIGSTOP) return -1;
        counts[piece] = 0;
        int signal;
        while ((signal = advance(pid, PTRACE_SINGLESTEP, end)) == SIGTRAP) counts[piece]++;
        if (signal != SIGSTOP) return -1;
    }
    return 0;
}

int cinstructions_count(void (*work)(void *, int), void *context, int pieces, long *counts, int seconds) {
    double end = now() + seconds;
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) child(work, context, pieces);
    int status = 0, result = -1;
    // The child stops of its own accord at the first mark.
    while (1) {
        pid_t found = waitpid(pid, &status, WNOHANG);
        if (found == pid) {
            if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) result = count(pid, pieces, counts, end);
            break;
        }
        if ((found < 0 && errno != EINTR) || now() > end) break;
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return result;
}
#else
int cinstructions_count(void (*work)(void *, int), void *context, int pieces, long *counts, int seconds) { return -1; }
#endif

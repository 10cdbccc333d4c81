#define _GNU_SOURCE
#include "CMonotonicTimers.h"
#include <dlfcn.h>
#include <errno.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// Preloaded before libfaketime, which shifts the absolute deadlines of every timer descriptor by its offset, those of
// the monotonic clock too, whatever it is told about monotonic clocks (its issue 378). Such a deadline is always past,
// so an event loop that waits on one spins, and its time-outs never come. Here they go to the kernel as they are.
// A timer descriptor on the real-time clock is not moved either; servers time their waits by the monotonic one.

int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old) {
    return (int)syscall(SYS_timerfd_settime, fd, flags, value, old);
}

int timerfd_gettime(int fd, struct itimerspec *value) {
    return (int)syscall(SYS_timerfd_gettime, fd, value);
}

// Python sleeps until an instant of the monotonic clock, and libfaketime 0.9.10 moves that too (its issue 426).
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *remaining) {
    if (clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME)
        return syscall(SYS_clock_nanosleep, clock, flags, request, remaining) == 0 ? 0 : errno;
    int (*next)(clockid_t, int, const struct timespec *, struct timespec *) = dlsym(RTLD_NEXT, "clock_nanosleep");
    return next ? next(clock, flags, request, remaining) : ENOSYS;
}

#define _GNU_SOURCE
#include "CSpawning.h"

#include <fcntl.h>
#include <unistd.h>

int cspawning_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
int cspawning_close_from(posix_spawn_file_actions_t *a, int first) { return posix_spawn_file_actions_addclosefrom_np(a, first); }
int cspawning_directory(posix_spawn_file_actions_t *a, const char *path) { return posix_spawn_file_actions_addchdir_np(a, path); }

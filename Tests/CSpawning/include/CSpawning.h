#ifndef CSPAWNING_H
#define CSPAWNING_H

#include <spawn.h>

// What glibc shows to those only who ask for its own extensions, which Swift does not.

/// A pipe whose ends no program inherits. 0, or -1 with `errno`.
int cspawning_pipe(int ends[2]);
/// Closes all files of the new process from this one on.
int cspawning_close_from(posix_spawn_file_actions_t *actions, int first);
/// Where the new process works.
int cspawning_directory(posix_spawn_file_actions_t *actions, const char *path);

#endif

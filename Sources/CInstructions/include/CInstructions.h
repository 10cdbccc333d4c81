#ifndef CINSTRUCTIONS_H
#define CINSTRUCTIONS_H

/// Counts the instructions that each of some pieces of work takes, by single steps in a child process: without noise, where
/// clocks have much.
///
/// The child is a copy of this process with the calling thread alone. The work must take no lock that another thread may hold.
///
/// - Parameters:
///   - work: Called once for each piece, after once for each that is not counted.
///   - counts: Receives the number for each piece.
///   - seconds: After how long it is given up.
/// - Returns: 0; -1 where this system does not let a process step through its child, or there was no time.
int cinstructions_count(void (*work)(void *context, int piece), void *context, int pieces, long *counts, int seconds);

#endif

import CShims
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import SystemPackage

/// Ends this process with its parent, so that a harness that crashed leaves nothing behind.
package enum ParentDeath {
    /// Asks the kernel to kill this process when its parent dies. Where the kernel cannot, the end of standard input must do.
    /// - Throws: `Errno`.
    package static func arm() throws {
        guard cshims_die_with_parent() == 0 else { throw Errno(rawValue: errno) }
    }
}

import Foundation
import SystemPackage

/// Finds the programs that a subject's commands name: first beside the bed's own program, then in `PATH`.
package struct Programs: Sendable {
    private let folder: String

    /// - Parameter folder: The folder of the bed's own program.
    package init(folder: String) {
        self.folder = folder
    }

    /// - Throws: `BedError` when there is no such program.
    package func path(of name: String) throws -> String {
        if name.contains("/") { return name }
        let candidates =
            [folder]
            + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        for candidate in candidates {
            let path = "\(candidate)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw BedError("there is no program \(name), neither beside authbed nor in PATH")
    }

    /// - Throws: `BedError` when that library is not beside the bed's own program.
    func library(_ name: String) throws -> String {
        let path = "\(folder)/lib\(name).so"
        guard FileManager.default.fileExists(atPath: path) else { throw BedError("there is no lib\(name).so beside authbed") }
        return path
    }

    /// The path of this very program.
    package static func own() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments.first ?? "authbed"
    }
}

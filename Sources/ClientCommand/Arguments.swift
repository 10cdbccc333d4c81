import class Foundation.FileManager

/// The program's own arguments, without its name.
enum Arguments {
    /// From the kernel where it tells. Swift's `CommandLine` looks for them next to the environment, and finds none when a preloaded library
    /// has moved the environment, as libfaketime does.
    static var current: [String] {
        guard let data = FileManager.default.contents(atPath: "/proc/self/cmdline"), data.last == 0 else {
            return Array(CommandLine.arguments.dropFirst())
        }
        return data.dropLast().split(separator: 0, omittingEmptySubsequences: false).dropFirst().map { String(decoding: $0, as: UTF8.self) }
    }
}

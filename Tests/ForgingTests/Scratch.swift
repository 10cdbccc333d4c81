import ChildProcesses
import Forging
import Foundation

/// A folder of a test's own, removed when the process ends.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = try Self.parent.get() + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private static let kept = Result { try Scratch() }

    /// One for all tests that only read.
    static func untilExit() throws -> Scratch { try kept.get() }

    // Removed at the end of the process and not of the value: an optimized test lets go of the value after its last
    // use, while what was built in the folder is still read.
    private static let parent: Result<String, any Error> = Result {
        let parent = FileManager.default.temporaryDirectory.appending(path: "forging-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.parent.get()) }
        return parent
    }

    func write(_ text: String, as name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// The project's manifest, built into this folder.
    func pki(profile: String = "standard") throws -> PKI {
        try PKI.build(manifest: try PKIManifest(file: Self.manifest), profile: profile, into: "\(path)/\(profile)")
    }

    static let manifest = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../certs-gen/pki.yaml")
        .standardizedFileURL.path

    /// Runs the openssl program, which shares no code with what is tested but the library below it.
    static func openssl(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String) {
        let answer = try ChildProcess.run("openssl", arguments, input: input)
        return (answer.status, answer.output + answer.error)
    }
}

import Forging
import Foundation
import Scenarios

/// Remembers which defects were proven with which programs and files, so that nothing is played again while they stay the
/// same. Anything that could change an outcome changes the digest: the programs, and every file of the catalogue.
struct ProofLedger {
    private struct Entry: Codable {
        var digest: String
        var proven: [String]
    }

    private let path: String
    private let digest: String
    private(set) var proven: Set<String>

    /// - Parameters:
    ///   - programs: The folder of the programs.
    ///   - root: The project's folder, with scenarios, schemes, requirements, defects and subjects in it.
    ///   - mode: What else the outcome depends on.
    init(path: String, programs: String, root: String, mode: String) throws {
        self.path = path
        digest = Self.digest(try Self.contents(programs, root), mode)
        let entry = Self.entry(path)
        proven = entry?.digest == digest ? Set(entry?.proven ?? []) : []
    }

    /// What was proven in any of the modes. The programs are large: they are read once for all of them.
    static func proven(path: String, programs: String, root: String, modes: [String]) throws -> Set<String> {
        guard let entry = entry(path) else { return [] }
        let contents = try contents(programs, root)
        return modes.contains { entry.digest == digest(contents, $0) } ? Set(entry.proven) : []
    }

    private static func entry(_ path: String) -> Entry? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Entry.self, from: $0) }
    }

    private static func digest(_ contents: [String], _ mode: String) -> String {
        ContentDigest.hex(of: Array((["mode \(mode)"] + contents).joined(separator: "\n").utf8))
    }

    private static func contents(_ programs: String, _ root: String) throws -> [String] {
        var digests: [String] = []
        for name in ["authbed", "defective", "mcp-server", "token-issuer", "mcp-client", "libMonotonicTimers.so"] {
            digests.append("\(name) \(try ContentDigest.hex(ofFile: "\(programs)/\(name)"))")
        }
        for folder in ["scenarios", "schemes", "requirements", "defects", "subjects", "certs-gen"] {
            for file in ProjectFolder.names(below: "\(root)/\(folder)").sorted() where file.hasSuffix(".yaml") {
                digests.append("\(folder)/\(file) \(try ContentDigest.hex(ofFile: "\(root)/\(folder)/\(file)"))")
            }
        }
        return digests
    }

    /// - Throws: When the file cannot be written.
    mutating func add(_ defects: [String]) throws {
        proven.formUnion(defects)
        try JSONEncoder().encode(Entry(digest: digest, proven: proven.sorted())).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

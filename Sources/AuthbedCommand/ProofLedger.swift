import Forging
import Foundation

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
        var digests = ["mode \(mode)"]
        for name in ["authbed", "defective", "mcp-server", "token-issuer", "mcp-client", "libMonotonicTimers.so"] {
            digests.append("\(name) \(try ContentDigest.hex(ofFile: "\(programs)/\(name)"))")
        }
        for folder in ["scenarios", "schemes", "requirements", "defects", "subjects", "certs-gen"] {
            let files = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? []
            for file in files.sorted() where file.hasSuffix(".yaml") {
                digests.append("\(folder)/\(file) \(try ContentDigest.hex(ofFile: "\(root)/\(folder)/\(file)"))")
            }
        }
        digest = ContentDigest.hex(of: Array(digests.joined(separator: "\n").utf8))
        let entry = FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Entry.self, from: $0) }
        proven = entry?.digest == digest ? Set(entry?.proven ?? []) : []
    }

    /// - Throws: When the file cannot be written.
    mutating func add(_ defects: [String]) throws {
        proven.formUnion(defects)
        try JSONEncoder().encode(Entry(digest: digest, proven: proven.sorted())).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

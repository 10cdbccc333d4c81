import Foundation
import Testing

/// Small rooms, one-way doors: who may import whom. A new door is a decision, and is written down here.
@Suite("Modules import only what the design allows")
struct ImportTableTests {
    /// Allowed everywhere: the toolchain's own libraries, and plain values for paths.
    static let everywhere: Set<String> = ["Foundation", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin", "SystemPackage"]
    static let nio: Set<String> = ["NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS", "HTTPTypes", "Logging"]
    static let hummingbird: Set<String> = nio.union(["Hummingbird", "HummingbirdCore", "ServiceLifecycle", "UnixSignals"])

    static let table: [String: Set<String>] = [
        "Auth": ["Crypto"],
        "OAuth": ["Auth", "JWTKit", "Crypto", "CryptoExtras"],
        "MutualTLS": ["Auth", "X509", "SwiftASN1", "Crypto"],
        "Store": ["Auth", "OAuth", "GRDB", "Crypto"],
        "MCP": [],
        "Serving": hummingbird.union(["Auth", "OAuth", "MutualTLS", "X509", "SwiftASN1"]),
        // SQLite itself, not GRDB: what a caller's query may cost is bounded by functions that GRDB does not have.
        "Server": hummingbird.union(["Auth", "OAuth", "MutualTLS", "Store", "MCP", "Serving", "AsyncHTTPClient", "GRDBSQLite", "Crypto"]),
        "Issuer": hummingbird.union(["Auth", "OAuth", "MutualTLS", "Store", "Serving", "AsyncHTTPClient", "Crypto"]),
        "Client": nio.union(["Auth", "OAuth", "MCP", "AsyncHTTPClient", "X509", "SwiftASN1"]),
        "Defects": hummingbird.union([
            "Auth", "OAuth", "MutualTLS", "Store", "MCP", "Serving", "Server", "Issuer", "Client", "X509", "SwiftASN1", "Crypto",
        ]),
        "Forging": ["COpenSSL", "Yams"],
        "Probing": ["CCurl", "COpenSSL", "CShims", "Histogram"],
        "Trace": [],
        "Scenarios": ["Yams"],
        "Bed": hummingbird.union(["Scenarios", "Forging", "Probing", "Trace", "Subprocess"]),
        "Judge": ["Scenarios", "Trace"],
        "Reports": ["Judge", "Scenarios", "Trace", "Mustache"],
    ]

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func imports(of folder: URL) throws -> Set<String> {
        var found: Set<String> = []
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"),
                    words[..<at].allSatisfy({ ["package", "public", "internal", "@preconcurrency"].contains($0) })
                else { continue }
                let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "var"]
                let name = words[at...].dropFirst().drop { kinds.contains($0) }.first
                if let module = name?.split(separator: ".").first { found.insert(String(module)) }
            }
        }
        return found
    }

    @Test("A module imports nothing beyond its row", arguments: table.keys.sorted())
    func row(module: String) throws {
        let imported = try Self.imports(of: Self.root.appendingPathComponent("Sources/\(module)"))
        let allowed = try #require(Self.table[module]).union(Self.everywhere)
        #expect(!imported.isEmpty || module == "Trace")
        #expect(imported.subtracting(allowed) == [])
    }

    @Test(
        "The probing side never imports a subject's module",
        arguments: ["Forging", "Probing", "Scenarios", "Bed", "Judge", "Reports", "AuthbedCommand"])
    func sides(module: String) throws {
        let subjects: Set<String> = [
            "Auth", "OAuth", "MutualTLS", "Store", "MCP", "Serving", "Server", "Issuer", "Client", "Defects", "JWTKit", "X509",
        ]
        let imported = try Self.imports(of: Self.root.appendingPathComponent("Sources/\(module)"))
        #expect(imported.intersection(subjects) == [])
    }

    /// What is only linked is found and bound whenever the program starts, needed or not.
    @Test("A module is linked with nothing of the project that it does not import")
    func dependencies() throws {
        let manifest = try String(contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let targets = manifest.matches(of: #/\.target\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]\s*\)/#)
        let modules = targets.filter { Self.table.keys.contains(String($0.1)) }
        #expect(modules.count > 10)
        for target in modules {
            let declared = Set(target.2.matches(of: #/"(\w+)"/#).map { String($0.1) })
            let imported = try Self.imports(of: Self.root.appendingPathComponent("Sources/\(target.1)"))
            #expect(declared.subtracting(imported) == [], "\(target.1)")
        }
    }

    /// Its `run` ends a program that has some thousand files open (github.com/swiftlang/swift-corelibs-foundation/issues/5472).
    @Test("Nobody who may have many files open starts programs by Foundation's Process", arguments: ["Sources", "Tests"])
    func processes(folder: String) throws {
        let files = try #require(FileManager.default.enumerator(atPath: Self.root.appendingPathComponent(folder).path))
        // A client has a dozen files open, and so has the command that installs.
        let exempt: Set = [
            "Defects/ClientConductDefects.swift", "AuthbedCommand/SubjectsCommand.swift", "ProjectTests/ImportTableTests.swift",
        ]
        for case let path as String in files where path.hasSuffix(".swift") && !exempt.contains(path) {
            let text = try String(contentsOf: Self.root.appendingPathComponent("\(folder)/\(path)"), encoding: .utf8)
            let isUsed = text.contains(#/\bProcess\(\)/#)
            #expect(!isUsed, "\(folder)/\(path)")
        }
    }
}

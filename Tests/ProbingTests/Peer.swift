import ChildProcesses
import Forging
import Foundation
import Probing

/// A server in another process and of another make, on a port of its own, for the time of a test.
struct Peer: Sendable {
    let port: Int
    let isTLS: Bool

    var url: String { "\(isTLS ? "https" : "http")://127.0.0.1:\(port)" }

    func get(_ path: String = "/", timeout: Double = 20) -> ProbeRequest {
        ProbeRequest(method: "GET", url: url + path, headers: [], body: [], timeout: timeout)
    }

    enum Mode: String { case serve, silent, close, reset }

    /// Runs it until the body is done.
    static func with<Value>(
        certificate: String? = nil, asksForClients: Bool = false, highest: String? = nil, mode: Mode = .serve,
        _ body: (Peer) async throws -> Value
    ) async throws -> Value {
        var settings = ["mode": mode.rawValue]
        if let certificate {
            let pki = try TestPKI.shared()
            (settings["certificate"], settings["key"]) = pki.path(of: certificate)
            if asksForClients { settings["client_ca"] = pki.clientCA }
        }
        settings["highest"] = highest
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/peer.py"
        let process = try ChildProcess("python3", [script])
        defer {
            // It ends when its input does.
            try? process.input.close()
            process.wait()
        }
        try process.input.write(contentsOf: try JSONEncoder().encode(settings) + Data("\n".utf8))
        let ready = try JSONDecoder().decode([String: Int].self, from: line(of: process.output))
        guard let port = ready["port"] else { throw PeerError() }
        return try await body(Peer(port: port, isTLS: certificate != nil))
    }

    private static func line(of handle: FileHandle?) throws -> Data {
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let more = handle?.availableData, !more.isEmpty else { throw PeerError() }
            line += more
        }
        return line
    }
}

/// The peer did not come up; its standard error says why.
struct PeerError: Error {}

/// The project's own PKI, built once for all tests in this process.
enum TestPKI {
    private static let built = Result {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        atexit { try? FileManager.default.removeItem(at: TestPKI.folder) }
        return try PKI.build(manifest: try PKIManifest(file: root.path + "/certs-gen/pki.yaml"), into: folder.path + "/pki")
    }

    private static var folder: URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("authbed-probing-\(ProcessInfo.processInfo.processIdentifier)")
    }

    static func shared() throws -> PKI { try built.get() }

    static func identity(_ name: String) throws -> ClientIdentity {
        let path = try shared().path(of: name)
        return ClientIdentity(certificate: path.certificate, key: path.key)
    }

    /// A probe that trusts the project's root.
    static func probe(as name: String? = nil) throws -> Probe {
        Probe(ca: try shared().ca, identity: try name.map(identity))
    }
}

extension ProbeAnswer {
    var status: Int? {
        if case .response(let status, _, _) = outcome { status } else { nil }
    }
    var text: String? {
        if case .response(_, _, let body) = outcome { String(decoding: body, as: UTF8.self) } else { nil }
    }
    var refusal: TransportRefusal? {
        if case .refusedInTransport(let refusal) = outcome { refusal } else { nil }
    }
    var dropped: String? {
        if case .dropped(let why) = outcome { why } else { nil }
    }
}

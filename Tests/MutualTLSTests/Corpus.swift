import Foundation
import MutualTLS
import X509

/// Certificates, revocation lists and OCSP answers that OpenSSL 3.0 made: what others really send.
enum Corpus {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "corpus")

    /// - Parameter name: Such as `ocsp-good.der`.
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    static func certificate(_ name: String) throws -> Certificate {
        guard let first = try Certificate.all(inPEM: String(decoding: bytes(name), as: UTF8.self)).first else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return first
    }

    /// The names of all documents whose names begin like that, in order.
    static func names(_ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".der") }.sorted()
    }
}

import COpenSSL
import Foundation

/// SHA-256 of contents.
package enum ContentDigest {
    package static func octets(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(bytes, bytes.count, &digest)
        return digest
    }

    /// In hexadecimal.
    package static func hex(of bytes: [UInt8]) -> String { Hexadecimal.text(octets(of: bytes)) }

    /// The same of a file, which may be larger than anybody wants in memory.
    ///
    /// - Throws: When the file cannot be read, or OpenSSL fails: half a digest would be taken for one.
    package static func hex(ofFile path: String) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let context = try made(EVP_MD_CTX_new(), "make a digest")
        defer { EVP_MD_CTX_free(context) }
        try succeed(EVP_DigestInit_ex(context, EVP_sha256(), nil), "begin a digest")
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            try succeed(piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }, "go on with a digest")
        }
        var digest = [UInt8](repeating: 0, count: 32)
        try succeed(EVP_DigestFinal_ex(context, &digest, nil), "end a digest")
        return Hexadecimal.text(digest)
    }
}

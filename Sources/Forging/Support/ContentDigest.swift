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

    /// - Throws: When the file cannot be read.
    package static func hex(ofFile path: String) throws -> String {
        hex(of: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)))
    }
}

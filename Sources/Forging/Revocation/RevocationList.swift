import COpenSSL

/// A certificate revocation list in OpenSSL's hands.
final class RevocationList {
    let raw: OpaquePointer

    init(taking raw: OpaquePointer) { self.raw = raw }

    init(der: [UInt8]) throws {
        raw = try der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return try made(d2i_X509_CRL(nil, &start, buffer.count), "read a revocation list")
        }
    }

    deinit { X509_CRL_free(raw) }

    func pem() throws -> String { try MemoryBIO.text("write a revocation list") { PEM_write_bio_X509_CRL($0, raw) } }

    func der() throws -> [UInt8] { try MemoryBIO.bytes("write a revocation list") { i2d_X509_CRL_bio($0, raw) } }
}

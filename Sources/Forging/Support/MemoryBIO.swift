import COpenSSL

/// OpenSSL's readers and writers over bytes in memory.
enum MemoryBIO {
    /// What `write` wrote.
    static func bytes(_ act: String, _ write: (OpaquePointer) -> Int32) throws -> [UInt8] {
        let bio = try made(BIO_new(BIO_s_mem()), act)
        defer { BIO_free(bio) }
        try succeed(write(bio), act)
        var start: UnsafeMutablePointer<CChar>?
        let count = BIO_ctrl(bio, BIO_CTRL_INFO, 0, &start)
        guard let start, count > 0 else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    static func text(_ act: String, _ write: (OpaquePointer) -> Int32) throws -> String {
        String(decoding: try bytes(act, write), as: UTF8.self)
    }

    /// What `read` makes of the text.
    static func reading<Value>(_ text: String, _ act: String, _ read: (OpaquePointer) throws -> Value) throws -> Value {
        let bytes = Array(text.utf8)
        let bio = try made(BIO_new(BIO_s_mem()), act)
        defer { BIO_free(bio) }
        try succeed(BIO_write(bio, bytes, Int32(bytes.count)), act)
        return try read(bio)
    }
}

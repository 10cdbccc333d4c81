import COpenSSL

/// Moments as certificates and lists carry them: UTCTime to 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5).
enum ASN1Time {
    /// - Parameters:
    ///   - seconds: Since 1970.
    ///   - body: OpenSSL's function, which copies the time; it is freed afterwards.
    static func set(_ seconds: Int, _ act: String, _ body: (UnsafeMutablePointer<ASN1_TIME>) -> Int32) throws {
        let time = try made(ASN1_TIME_set(nil, seconds), act)
        defer { ASN1_TIME_free(time) }
        try succeed(body(time), act)
    }
}

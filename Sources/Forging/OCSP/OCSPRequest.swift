import COpenSSL

/// An OCSP request in OpenSSL's hands (RFC 6960 section 4.1).
final class OCSPRequest {
    let raw: OpaquePointer

    /// - Throws: `ForgingError` for what is no request, or asks about nothing or about very much.
    init(der: [UInt8]) throws {
        let act = "read an OCSP request"
        raw = try der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return try made(d2i_OCSP_REQUEST(nil, &start, buffer.count), act)
        }
        guard (1...100).contains(count) else { throw ForgingError.request("could not \(act): it asks about \(count) certificates") }
    }

    deinit { OCSP_REQUEST_free(raw) }

    var count: Int32 { OCSP_request_onereq_count(raw) }

    /// What it asks about, by hashes of the issuer and a serial number. The request owns it.
    func certificate(_ place: Int32) throws -> OpaquePointer {
        try made(OCSP_onereq_get0_id(OCSP_request_onereq_get0(raw, place)), "read an OCSP request")
    }

    /// Lower-case hexadecimal, as `PKIEntry.serial`.
    func serial(_ place: Int32) throws -> String { try Self.serial(of: try certificate(place)) }

    static func serial(of certificate: OpaquePointer) throws -> String {
        var number: UnsafeMutablePointer<ASN1_INTEGER>?
        try succeed(OCSP_id_get0_info(nil, nil, nil, &number, certificate), "read an OCSP request")
        let value = ASN1_INTEGER_to_BN(number, nil)
        defer { BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(value) + 7) / 8)
        BN_bn2bin(value, &bytes)
        return Hexadecimal.text(bytes)
    }
}

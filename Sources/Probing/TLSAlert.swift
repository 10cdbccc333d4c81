/// The names of TLS alerts (RFC 8446 section 6, RFC 5246 section 7.2).
package enum TLSAlert {
    package static func name(_ number: Int) -> String {
        names[number] ?? "alert_\(number)"
    }

    /// The alert in the last of the TLS records, if that is an alert and not encrypted (RFC 8446 sections 5.1 and 6).
    static func plain(in bytes: [UInt8]) -> Int? {
        var (rest, alert) = (bytes[...], Int?.none)
        while rest.count >= 5 {
            let record = Array(rest.prefix(5))
            let length = Int(record[3]) << 8 | Int(record[4])
            guard (20...23).contains(record[0]), record[1] == 3, rest.count >= 5 + length else { return nil }
            let content = Array(rest.dropFirst(5).prefix(length))
            alert = record[0] == 21 && length == 2 ? Int(content[1]) : nil
            rest = rest.dropFirst(5 + length)
        }
        return alert
    }

    private static let names = [
        0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow", 40: "handshake_failure",
        42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
        46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
        51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback",
        90: "user_canceled", 109: "missing_extension", 110: "unsupported_extension", 112: "unrecognized_name",
        113: "bad_certificate_status_response", 115: "unknown_psk_identity", 116: "certificate_required", 120: "no_application_protocol",
    ]
}

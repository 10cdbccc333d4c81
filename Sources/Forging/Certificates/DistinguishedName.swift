import COpenSSL

/// A name in a directory (RFC 5280 section 4.1.2.4): attributes in order, each encoded as it is asked for.
struct DistinguishedName: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case cn, o, ou, c, uid, email

        fileprivate var object: String {
            switch self {
            case .cn: "2.5.4.3"
            case .o: "2.5.4.10"
            case .ou: "2.5.4.11"
            case .c: "2.5.4.6"
            case .uid: "0.9.2342.19200300.100.1.1"
            case .email: "1.2.840.113549.1.9.1"
            }
        }
    }

    /// The string types that a DirectoryString may have, and IA5 for an e-mail address.
    enum Encoding: String, Sendable, Hashable, CaseIterable {
        case utf8, printable, t61, bmp, universal, ia5

        fileprivate func der(_ text: String) -> [UInt8] {
            switch self {
            case .utf8: DER.tagged(0x0C, Array(text.utf8))
            case .printable: DER.tagged(0x13, Array(text.utf8))
            case .t61: DER.tagged(0x14, Array(text.utf8))
            case .ia5: DER.tagged(0x16, Array(text.utf8))
            case .universal:
                DER.tagged(0x1C, text.unicodeScalars.flatMap { scalar in [24, 16, 8, 0].map { UInt8(scalar.value >> $0 & 0xFF) } })
            case .bmp: DER.tagged(0x1E, text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
            }
        }
    }

    struct Attribute: Sendable, Hashable {
        var kind: Kind
        var value: String
        var encoding: Encoding = .utf8
    }

    var attributes: [Attribute]

    init(_ attributes: [Attribute]) { self.attributes = attributes }

    init(commonName: String) { attributes = [Attribute(kind: .cn, value: commonName)] }

    /// Whether a text can be a common name at all: 1 to 64 characters (RFC 5280 appendix A.1, ub-common-name).
    static func isCommonName(_ text: String) -> Bool { (1...64).contains(text.unicodeScalars.count) }

    /// The first common name, as a reader has it.
    var commonName: String { attributes.first { $0.kind == .cn }?.value ?? "" }

    func der() throws -> [UInt8] {
        let parts = try attributes.map { attribute in
            DER.tagged(0x31, DER.sequence(try DER.object(attribute.kind.object), attribute.encoding.der(attribute.value)))
        }
        return DER.tagged(0x30, parts.flatMap(\.self))
    }

    /// The name in OpenSSL's hands, for the length of the body.
    func withName<Value>(_ act: String, _ body: (OpaquePointer) throws -> Value) throws -> Value {
        let der = try der()
        let name = try der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return try made(d2i_X509_NAME(nil, &start, buffer.count), act)
        }
        defer { X509_NAME_free(name) }
        return try body(name)
    }
}

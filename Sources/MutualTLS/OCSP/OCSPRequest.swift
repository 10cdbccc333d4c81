import SwiftASN1

/// A question about one certificate: `OCSPRequest` of RFC 6960 section 4.1.1.
package struct OCSPRequest: Sendable, Hashable {
    package var id: OCSPCertificateID
    /// Bytes that the answer must repeat, so that it cannot be one from before (RFC 9654); nil asks for none.
    package var nonce: [UInt8]?

    package init(_ id: OCSPCertificateID, nonce: [UInt8]?) {
        self.id = id
        self.nonce = nonce
    }

    /// The length that RFC 9654 section 2.1 recommends.
    package static func randomNonce() -> [UInt8] {
        (0..<32).map { _ in UInt8.random(in: 0...255) }
    }

    package var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.appendConstructedNode(identifier: .sequence) { request in
                try request.appendConstructedNode(identifier: .sequence) { toBeSigned in
                    try toBeSigned.appendConstructedNode(identifier: .sequence) { list in
                        try list.appendConstructedNode(identifier: .sequence) { try id.serialize(into: &$0) }
                    }
                    if let nonce { try Self.serialize(nonce, into: &toBeSigned) }
                }
            }
            return serializer.serializedBytes
        }
    }

    private static func serialize(_ nonce: [UInt8], into coder: inout DER.Serializer) throws {
        var value = DER.Serializer()
        try value.serialize(ASN1OctetString(contentBytes: nonce[...]))
        let bytes = value.serializedBytes
        try coder.serialize(explicitlyTaggedWithTagNumber: 2, tagClass: .contextSpecific) { coder in
            try coder.appendConstructedNode(identifier: .sequence) { extensions in
                try extensions.appendConstructedNode(identifier: .sequence) { item in
                    try item.serialize(nonceExtension)
                    try item.serialize(ASN1OctetString(contentBytes: bytes[...]))
                }
            }
        }
    }

    /// `id-pkix-ocsp-nonce`.
    static let nonceExtension: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2]
}

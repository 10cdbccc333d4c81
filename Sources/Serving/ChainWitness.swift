import MutualTLS
import NIOSSL

/// Sees a client's chain while BoringSSL verifies it: afterwards the TLS layer hands over nothing but the client's own certificate.
///
/// BoringSSL stays the judge, and sends its own alerts: this is the older kind of callback, which hears of each certificate and of
/// what was found about it, from the anchor to the client's own, and says the same.
enum ChainWitness {
    /// For one connection.
    /// - Parameter judge: Who has a say before; nil where BoringSSL alone has.
    static func callback(_ peer: ConnectionPeer, after judge: SelfSignedClients.Callback? = nil) -> SelfSignedClients.Callback {
        { finding, certificate in
            let finding = judge?(finding, certificate) ?? finding
            guard finding == .certificateVerified else { return finding }
            guard let bytes = try? certificate.toDERBytes(), !mayNeedPolicies(bytes) else { return .failed }
            peer.note(verified: bytes)
            return finding
        }
    }

    /// Whether the certificate may ask that its chain follow a certificate policy (RFC 5280 section 4.2.1.11).
    ///
    /// No policy is known here, so that no such chain would do. And it must not come to that: SwiftNIO SSL ends the process when
    /// BoringSSL tells a callback that a policy is missing, because no one certificate is at fault then. BoringSSL looks at
    /// policies last, after it has told of every certificate.
    private static func mayNeedPolicies(_ der: [UInt8]) -> Bool {
        let identifier: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x24]
        return der.indices.dropLast(identifier.count - 1).contains { start in
            der[start] == identifier[0] && der[start..<start + identifier.count].elementsEqual(identifier)
        }
    }
}

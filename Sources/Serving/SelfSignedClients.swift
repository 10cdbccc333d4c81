import MutualTLS
import NIOSSL

/// Serves clients whose certificate nobody vouches for (RFC 8705 section 2.2), beside those whose chain leads to an anchor.
///
/// Which of the two a client is shows in its certificate alone, on a resumed session too, where nothing is verified again: a
/// certificate that is not ``PeerCertificate/isSelfIssued`` has a chain that BoringSSL built; one that is proves no more than the
/// possession of its key. Whoever asks for a name must refuse the latter, and whoever takes it looks at its dates and usage himself.
enum SelfSignedClients {
    /// The finding of BoringSSL for one certificate of the chain, and what becomes of it. It hears of problems as they are found,
    /// and at the end of each certificate, from the root to the client's own.
    typealias Callback = (NIOSSLVerificationResult, NIOSSLCertificate) -> NIOSSLVerificationResult

    /// For one connection. It passes over the problems of one certificate that is its own issuer, dates and usage among them; and
    /// that must be the client's own, because another one that comes behind it is refused.
    ///
    /// The older kind of callback, which takes more care: the newer one would be told the chain only, and have to verify it.
    static func callback() -> Callback {
        var spared: [UInt8]?
        return { finding, certificate in
            guard let bytes = try? certificate.toDERBytes() else { return .failed }
            if let spared { return bytes == spared ? .certificateVerified : .failed }
            if finding == .certificateVerified { return .certificateVerified }
            guard let read = try? PeerCertificate(der: bytes), read.isSelfIssued else { return .failed }
            spared = bytes
            return .certificateVerified
        }
    }
}

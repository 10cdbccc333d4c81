import COpenSSL
import CShims

/// How a port of the bed's behaves before any HTTP.
package enum PeerManner: Sendable {
    case tls(PeerTLS)
    /// HTTP without TLS.
    case plain
    /// Connections are accepted, and cut.
    case cut
    /// Connections are accepted, and nothing is ever said.
    case silent
}

/// A server's side of TLS, by OpenSSL: right, or wrong in one thing.
package final class PeerTLS: Sendable {
    /// Whether the caller is asked for a certificate.
    package enum Asks: Sendable {
        case no
        /// Whatever it shows is taken, as long as it has the key. With the names of a PEM file's authorities in the request, or none.
        case any(names: String?)
        /// One that an authority of this PEM file has issued, or the connection ends: in TLS 1.3 after the caller believes it stands.
        case issued(by: String)
    }

    package enum Version: Int, Sendable {
        case tls10 = 0x0301
        case tls11 = 0x0302
        case tls12 = 0x0303
        case tls13 = 0x0304
    }

    // Used by many connections at once, which OpenSSL allows once it is set up; freed with the last of them.
    nonisolated(unsafe) let context: OpaquePointer

    /// - Parameters:
    ///   - identity: The certificate to show, with what goes along, and its key.
    ///   - versions: The oldest and the newest to speak.
    /// - Throws: `PeerFailure` where OpenSSL does not take it.
    package init(
        _ identity: ClientIdentity, versions: (oldest: Version, newest: Version) = (.tls12, .tls13), asks: Asks = .no
    ) throws {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw PeerFailure("a TLS context cannot be made") }
        self.context = context
        // Old versions and weak certificates are for the caller to refuse.
        SSL_CTX_set_security_level(context, 0)
        // Nothing is resumed: each connection is judged anew.
        _ = SSL_CTX_set_options(context, Self.noTickets)
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        guard SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1,
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, versions.oldest.rawValue, nil) == 1,
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, versions.newest.rawValue, nil) == 1,
            SSL_CTX_use_certificate_chain_file(context, identity.certificate) == 1,
            SSL_CTX_use_PrivateKey_file(context, identity.key, SSL_FILETYPE_PEM) == 1
        else { throw PeerFailure("\(identity.certificate) and its key cannot be shown") }
        switch asks {
        case .no: break
        case .any(let names):
            if let names { SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(names)) }
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER) { _, _ in 1 }
        case .issued(let authorities):
            SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(authorities))
            guard SSL_CTX_load_verify_locations(context, authorities, nil) == 1 else { throw PeerFailure("\(authorities) cannot be read") }
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
    }

    /// `SSL_OP_NO_TICKET`, which is a macro that Swift does not see.
    private static let noTickets: UInt64 = 1 << 14

    deinit { SSL_CTX_free(context) }
}

/// A port of the bed's that cannot be what it shall be.
package struct PeerFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

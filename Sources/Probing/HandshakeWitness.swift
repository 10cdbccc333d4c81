import CCurl
import COpenSSL
import CShims
import Foundation

/// What OpenSSL is told of the TLS connections that one handle opens, and what it tells of them.
///
/// libcurl would read authorities, certificates and keys again for each of them.
///
/// libcurl keeps an alert to itself when a write fails after it, and says nothing of a handshake whose connection brought
/// no HTTP answer. OpenSSL tells both as they happen.
///
/// It lives longer than the handle, which closes its connections, and so calls back, while it is being released.
final class HandshakeWitness {
    /// The last fatal alert read (RFC 8446 section 6.2).
    private(set) var alert: Int?
    private(set) var tlsVersion: String?
    private(set) var resumed = false
    /// Base64url of the SHA-256 of the peer's certificate in DER.
    private(set) var thumbprint: String?

    /// The only certificates trusted, a PEM file; nil for none at all.
    var ca: String?
    /// The client certificate to show; nil for none.
    var identity: ClientIdentity?
    /// Whether it is shown though its key or a signature over it is weaker than OpenSSL allows by itself.
    var showsWeakCertificates = false

    // Index 0 is the application's own (SSL_CTX_set_app_data).
    private static let index: Int32 = 0

    func forget() {
        (alert, tlsVersion, resumed, thumbprint) = (nil, nil, false, nil)
        (ca, identity, showsWeakCertificates) = (nil, nil, false)
    }

    /// Reads the facts off a connection that was open before.
    func look(at ssl: OpaquePointer) {
        tlsVersion = String(cString: SSL_get_version(ssl))
        resumed = SSL_session_reused(ssl) == 1
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard let certificate = SSL_get0_peer_certificate(ssl), X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return }
        // For every answer; `replacing` takes twenty times as long.
        let letters = Data(digest).base64EncodedData().compactMap { letter in
            switch letter {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil as UInt8?
            default: letter
            }
        }
        thumbprint = String(decoding: letters, as: UTF8.self)
    }

    /// Has libcurl show it each TLS context it makes for the handle.
    func watch(_ curl: UnsafeMutableRawPointer) {
        ccurl_set_ssl_ctx_fn(
            curl,
            { _, context, witness in
                guard let context = context.map({ OpaquePointer($0) }) else { return CURLE_OK }
                SSL_CTX_set_ex_data(context, HandshakeWitness.index, witness)
                SSL_CTX_set_info_callback(context) { ssl, place, value in
                    guard let ssl, let witness = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), HandshakeWitness.index) else { return }
                    let this = Unmanaged<HandshakeWitness>.fromOpaque(witness).takeUnretainedValue()
                    // The level is in the upper octet; close_notify and user_canceled are no refusals.
                    let number = Int(value & 0xFF)
                    if place == SSL_CB_READ_ALERT, number != 0, number != 90 { this.alert = number }
                    if place & SSL_CB_HANDSHAKE_DONE != 0 { this.look(at: ssl) }
                }
                return witness.map { Unmanaged<HandshakeWitness>.fromOpaque($0).takeUnretainedValue().equip(context) } ?? CURLE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Tells a context whom to trust and what to show.
    private func equip(_ context: OpaquePointer) -> CURLcode {
        if let ca {
            guard let authorities = TrustedAuthorities.reading(ca) else { return CURLE_SSL_CACERT_BADFILE }
            authorities.equip(context)
        }
        guard let identity else { return CURLE_OK }
        // Below level 1 OpenSSL presents RSA keys of 1024 bits, and chains signed with SHA-1.
        if showsWeakCertificates { SSL_CTX_set_security_level(context, 0) }
        return ShownCertificate.reading(identity)?.equip(context) == true ? CURLE_OK : CURLE_SSL_CERTPROBLEM
    }
}

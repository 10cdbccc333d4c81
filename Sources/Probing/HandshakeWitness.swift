import CCurl
import COpenSSL
import CShims
import Foundation

/// What OpenSSL tells of the TLS connections that one handle opens.
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

    /// A client certificate that libcurl would not take, to be shown all the same; nil for none.
    var identity: ClientIdentity?

    // Index 0 is the application's own (SSL_CTX_set_app_data).
    private static let index: Int32 = 0

    func forget() { (alert, tlsVersion, resumed, thumbprint, identity) = (nil, nil, false, nil, nil) }

    /// Reads the facts off a connection that was open before.
    func look(at ssl: OpaquePointer) {
        tlsVersion = String(cString: SSL_get_version(ssl))
        resumed = SSL_session_reused(ssl) == 1
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard let certificate = SSL_get0_peer_certificate(ssl), X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return }
        thumbprint = Data(digest).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Has libcurl show it each TLS context it makes for the handle.
    func watch(_ curl: UnsafeMutableRawPointer) {
        ccurl_set_ssl_ctx_fn(
            curl,
            { _, context, witness in
                guard let context = context.map({ OpaquePointer($0) }) else { return CURLE_OK }
                SSL_CTX_set_ex_data(context, HandshakeWitness.index, witness)
                if let witness, let identity = Unmanaged<HandshakeWitness>.fromOpaque(witness).takeUnretainedValue().identity {
                    guard HandshakeWitness.load(identity, into: context) else { return CURLE_SSL_CERTPROBLEM }
                }
                SSL_CTX_set_info_callback(context) { ssl, place, value in
                    guard let ssl, let witness = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), HandshakeWitness.index) else { return }
                    let this = Unmanaged<HandshakeWitness>.fromOpaque(witness).takeUnretainedValue()
                    // The level is in the upper octet; close_notify and user_canceled are no refusals.
                    let number = Int(value & 0xFF)
                    if place == SSL_CB_READ_ALERT, number != 0, number != 90 { this.alert = number }
                    if place & SSL_CB_HANDSHAKE_DONE != 0 { this.look(at: ssl) }
                }
                return CURLE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Below level 1 OpenSSL presents RSA keys of 1024 bits, and chains signed with SHA-1. libcurl loads certificates before it sets
    /// the level.
    private static func load(_ identity: ClientIdentity, into context: OpaquePointer) -> Bool {
        SSL_CTX_set_security_level(context, 0)
        return SSL_CTX_use_certificate_chain_file(context, identity.certificate) == 1
            && SSL_CTX_use_PrivateKey_file(context, identity.key, SSL_FILETYPE_PEM) == 1
    }
}

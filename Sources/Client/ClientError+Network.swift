import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#endif

extension ClientError {
    /// Sorts what the network stack threw into our kinds, with a sentence that says what to look at.
    init(network error: any Error, origin: String) {
        switch error {
        case let error as ClientError:
            self = error
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .tls("the certificate of \(origin) is for another name")
        case is NIOSSLExtraError:
            self = .tls("TLS with \(origin) failed")
        case NIOSSLError.handshakeFailed(let reason):
            self = .tls(Self.sentence(reason, origin: origin))
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            self = .tls("the certificate of \(origin) is not accepted")
        case let reason as BoringSSLError:
            self = .tls(Self.sentence(reason, origin: origin))
        case is NIOConnectionError:
            self = .transport("\(origin) cannot be reached")
        case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode):
            self = .transport("\(origin) cannot be reached")
        case let error as HTTPClientError:
            self = Self.of(error, origin: origin)
        case is IOError, is ChannelError, is NIOSSLError:
            self = .transport("the connection to \(origin) broke")
        case is CancellationError:
            self = .transport("the call to \(origin) was given up")
        default:
            // Named by type only: the text of an unknown error might quote what was sent.
            self = .transport("the exchange with \(origin) failed (\(type(of: error)))")
        }
    }

    private static func of(_ error: HTTPClientError, origin: String) -> ClientError {
        switch error {
        case .deadlineExceeded, .readTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
            .transport("\(origin) did not answer in time")
        case .tlsHandshakeTimeout:
            .tls("\(origin) did not finish the TLS handshake in time")
        case .cancelled:
            .transport("the call to \(origin) was given up")
        case .remoteConnectionClosed, .uncleanShutdown:
            .transport("\(origin) closed the connection without an answer")
        default:
            // Only the short description: the long one may quote a header field, and with it a credential.
            .transport("the exchange with \(origin) failed (\(error.shortDescription))")
        }
    }

    /// BoringSSL's stack names its errors in capitals. What the peer thinks of us comes as an alert; the rest is our own verdict.
    private static func sentence(_ reason: BoringSSLError, origin: String) -> String {
        let text = String(describing: reason).uppercased()
        func has(_ word: String) -> Bool { text.contains(word) }
        if has("CERTIFICATE_VERIFY_FAILED") {
            return "the certificate of \(origin) is not accepted: no trusted authority vouches for it, or it is not valid now"
        }
        if has("CERTIFICATE_REQUIRED") { return "\(origin) wants a client certificate" }
        if has("CERTIFICATE_EXPIRED") { return "\(origin) says that our certificate has expired" }
        if has("CERTIFICATE_REVOKED") { return "\(origin) says that our certificate is revoked" }
        if has("UNKNOWN_CA") { return "\(origin) does not know the authority of our certificate" }
        if has("BAD_CERTIFICATE") || has("UNSUPPORTED_CERTIFICATE") || has("CERTIFICATE_UNKNOWN") || has("ACCESS_DENIED") {
            return "\(origin) does not accept our certificate"
        }
        if has("WRONG_VERSION_NUMBER") || has("HTTP_REQUEST") { return "\(origin) does not speak TLS" }
        if has("PROTOCOL_VERSION") || has("UNSUPPORTED_PROTOCOL") { return "\(origin) speaks no TLS version that is still safe" }
        return "the TLS handshake with \(origin) failed"
    }
}

package import Auth

/// How callers of the server prove who they are.
package enum ServerScheme: String, Sendable, Hashable, CaseIterable {
    /// Nobody is asked. For measuring what authentication costs, and for nothing else.
    case none
    case apiKey = "api-key"
    case oauthJWT = "oauth-jwt"
    case oauthIntrospection = "oauth-introspection"
    /// Client certificates, without revocation.
    case mtls
    case mtlsCRL = "mtls-crl"
    /// Client certificates, their issuer asked about each.
    case mtlsOCSP = "mtls-ocsp"
    /// A client certificate and a token on every call, an API key on `/health`.
    case layered

    package var usesTokens: Bool { [.oauthJWT, .oauthIntrospection, .layered].contains(self) }
    package var usesCertificates: Bool { [.mtls, .mtlsCRL, .mtlsOCSP, .layered].contains(self) }
    package var usesLists: Bool { self == .mtlsCRL || self == .layered }
    package var usesOCSP: Bool { self == .mtlsOCSP || self == .layered }
    package var usesKeys: Bool { self == .apiKey || self == .layered }

    /// What a call must show; nil when nobody is asked.
    package var policy: LayeredPolicy? {
        switch self {
        case .none: nil
        case .apiKey: LayeredPolicy(required: [.apiKey], authority: .apiKey)
        case .oauthJWT, .oauthIntrospection: LayeredPolicy(required: [.token], authority: .token)
        case .mtls, .mtlsCRL, .mtlsOCSP: LayeredPolicy(required: [.certificate], authority: .certificate)
        case .layered: LayeredPolicy(required: [.certificate, .token], authority: .token)
        }
    }

    /// What a question to `/health` must show; nil when it is open.
    package var healthPolicy: LayeredPolicy? {
        self == .layered ? LayeredPolicy(required: [.apiKey], authority: .apiKey) : nil
    }
}

/// What is different about the world around a client under test: the bed plays server, issuer, browser and attacker.
package struct PeerChange: Sendable, Codable, Hashable {
    package enum Part: String, Sendable, Codable, CaseIterable {
        /// How the server's port behaves before any HTTP.
        case tls
        /// The same of the issuer's port.
        case issuerTLS = "issuer-tls"
        /// What has become of the client's own certificate and key on disk.
        case ownFiles = "own-files"
        /// What the server answers to a call whose credential is good.
        case server
        /// What server and issuer say of themselves, and where (RFC 9728, RFC 8414).
        case metadata = "peer-metadata"
        /// What the token endpoint answers (RFC 6749 section 5).
        case tokenEndpoint = "token-endpoint"
        /// What the browser brings back from the issuer (RFC 6749 section 4.1.2).
        case login
    }

    package var part: Part
    /// One of the part's `words`.
    package var how: String

    package init(part: Part, how: String) {
        self.part = part
        self.how = how
    }
}

extension PeerChange.Part {
    /// The closed list of what can be different.
    package var words: [String] {
        switch self {
        case .tls:
            [
                "other-authority", "self-signed", "expired", "not-yet-valid", "issued-by-client", "other-name", "partial-wildcard",
                "wildcard-below", "zero-octet", "address-only", "common-name-only", "version-1", "client-usage", "tls-1.0", "tls-1.1",
                "no-tls", "cut",
                "asks", "asks-by-name", "takes-other-authorities",
            ]
        case .issuerTLS: ["other-authority", "expired", "other-name"]
        case .ownFiles: ["replaced", "replaced-in-two-steps", "half-written"]
        case .server:
            [
                "as-usual", "401-once", "401-always", "403-once", "403-always", "redirect-302", "redirect-307", "redirect-308",
                "redirect-to-plain",
                "asks-to-wait", "hangs", "half-answers",
            ]
        case .metadata:
            [
                "other-resource", "no-issuers", "elsewhere", "other-issuer-later", "issuer-by-address", "issuer-slash", "issuer-capitals",
                "plain-token-endpoint", "no-pointer", "another-at-the-root", "root-only", "openid-only", "issuer-with-path",
                "openid-before-the-path", "openid-behind-the-path", "issuer-nearby",
                "issuer-nearby-by-number",
                "script-login-page", "file-login-page", "data-login-page", "plain-login-page",
            ]
        case .tokenEndpoint:
            [
                "no-lifetime", "lifetime-null", "lifetime-zero", "lifetime-negative", "lifetime-text", "lifetime-short", "lifetime-huge",
                "type-mac", "type-dpop", "type-absent", "redirect-307", "status-500", "hangs", "asks-to-wait", "is-away",
            ]
        case .login:
            [
                "as-usual", "other-state", "no-state", "other-issuer", "issuer-slash", "issuer-capitals", "no-issuer",
                "unannounced-other-issuer", "unannounced-no-issuer", "no-pkce",
            ]
        }
    }
}

extension PeerChange {
    /// What shows that a client did not do what it should have kept from.
    package enum Sign: Sendable {
        /// Anything at all was said to the server, beyond TLS.
        case told
        /// The same to the issuer.
        case issuerWasTold
        /// A secret arrived where it does not belong.
        case leaked
        /// A secret or a code went to a token endpoint.
        case asked
        /// The tool was called with the token.
        case used
        /// Somebody was asked who is none of the client's concern.
        case reached
        /// The browser was shown another address than one of the issuer's.
        case opened
        /// Nothing is wrong with it: the call was to succeed.
        case succeeded
    }

    package var sign: Sign {
        switch part {
        case .tls: ["cut", "asks", "asks-by-name", "takes-other-authorities"].contains(how) ? .succeeded : .told
        case .issuerTLS: .issuerWasTold
        case .ownFiles: .succeeded
        case .server: how.hasPrefix("redirect") ? .leaked : .succeeded
        case .metadata:
            switch how {
            case "other-resource", "no-issuers", "issuer-by-address", "issuer-slash", "issuer-capitals": .asked
            case "elsewhere", "other-issuer-later", "plain-token-endpoint": .leaked
            case "issuer-nearby", "issuer-nearby-by-number": .reached
            case "script-login-page", "file-login-page", "data-login-page", "plain-login-page": .opened
            default: .succeeded
            }
        case .tokenEndpoint: how.hasPrefix("type") ? .used : how.hasPrefix("redirect") ? .leaked : .succeeded
        case .login: ["as-usual", "unannounced-no-issuer"].contains(how) ? .succeeded : .asked
        }
    }

    /// Whether it happens to a client that has worked before, and not to one that begins.
    package var isLater: Bool { part == .server || how == "other-issuer-later" }

    /// Whether the client is started anew meanwhile, and keeps what it has written down.
    package var startsAnew: Bool { how == "other-issuer-later" }

    /// How many calls the client makes, one after the other.
    package var calls: Int { how.contains("lifetime") ? 5 : 1 }

    /// Whether the client must find out by itself that nothing comes.
    package var hangs: Bool { ["hangs", "half-answers"].contains(how) }
}

package import Auth
package import OAuth
import Serving

/// The configuration document of `token-issuer` (JSON, members in snake case; null is the same as absent).
package struct IssuerConfiguration: Sendable, Hashable {
    package var listen = Listen()
    /// The issuer's identifier (RFC 8414 section 2); nil: the URL it listens at.
    package var issuer: String?
    /// nil: plain HTTP, which is only allowed on loopback.
    package var tls: TLS?
    /// The SQLite file, made when there is none.
    package var store: String
    /// How long tokens live, at most; from 1 to 3600 seconds.
    package var tokenLifetimeSeconds = LifetimeRule.maximum
    package var tokenFormat = TokenFormat.jwt
    /// How long a refresh token lives when nobody uses it; from 1 to 31536000 seconds.
    package var refreshLifetimeSeconds = 30 * 86_400
    /// For how long a refresh token that was exchanged is answered once more the same; from 0 to 60 seconds.
    package var refreshGraceSeconds = 10
    /// How long an authorization code lives; from 1 to 600 seconds.
    package var codeLifetimeSeconds = 60
    /// How long somebody who has logged in need not do it again; from 1 to 86400 seconds.
    package var loginLifetimeSeconds = 3600
    /// What a guess at a password costs: the logarithm of scrypt's N (RFC 7914); from 10 to 20. Users whose password was set at another
    /// cost can be told from nobody by the time that a wrong one takes, until it is set again.
    package var passwordCost = PasswordHash.Cost.standard.rounds
    /// Whether clients may register themselves (RFC 7591).
    package var dynamicRegistration = false
    /// Whether a client identifier may be the URL of a document that describes the client.
    package var clientIDMetadata = false
    /// A file in PEM: who may vouch for the hosts of such documents; nil: the system's authorities.
    package var clientIDMetadataCA: String?
    /// Whether such hosts may be on this machine or in a private network, as on a test bed.
    package var clientIDMetadataPrivate = false
    /// The scopes that those two kinds of clients may have.
    package var openScopes: ScopeSet = ["mcp:read", "mcp:write", "mcp:execute"]
    package var algorithm = SigningAlgorithm.es256
    /// The file the audit trail is appended to; nil: none is kept.
    package var audit: String?
    /// The resources that tokens are given for (RFC 8707); nil: those that clients are registered for.
    package var resources: [String]?
    /// A file in PEM: the authorities whose client certificates count; nil: none is asked for.
    package var clientCA: String?
    /// A file in PEM: certificates between those authorities and the clients.
    package var intermediates: String?
    /// Whether clients with certificates of their own making are served too, known by their hash (RFC 8705 section 2.2).
    ///
    /// Not by itself: the handshake that lets them in ends the process when an authority of `client_ca`, or one below it, has issued
    /// a certificate that breaks a policy constraint. Whoever switches it on trusts those authorities that far.
    package var selfSignedCertificates = false
    /// Whether proofs of possession must carry a nonce of this issuer.
    package var dpopNonces = false

    package init(store: String) {
        self.store = store
    }

    /// Reads the document, and refuses what cannot be served.
    ///
    /// - Parameter file: How errors name it.
    /// - Throws: `ConfigurationError`.
    package init(parsing text: String, file: String) throws {
        self = try ConfigurationInput.decode(IssuerConfiguration.self, text: text, file: file)
        if let (member, message) = problem {
            throw ConfigurationError(file: file, member: member, message: message)
        }
    }

    private var problem: (member: String, message: String)? {
        if !(0...65535).contains(listen.port) { return ("listen.port", "is not from 0 to 65535") }
        if tls == nil, !["127.0.0.1", "::1", "localhost"].contains(listen.host) {
            return ("listen.host", "plain HTTP is served on loopback only: add tls, or listen on 127.0.0.1")
        }
        if clientCA != nil, tls == nil { return ("client_ca", "without tls nobody can show a certificate") }
        if store.isEmpty { return ("store", "is empty") }
        if !(1...LifetimeRule.maximum).contains(tokenLifetimeSeconds) {
            return ("token_lifetime_seconds", "is not from 1 to \(LifetimeRule.maximum)")
        }
        if !(1...600).contains(codeLifetimeSeconds) { return ("code_lifetime_seconds", "is not from 1 to 600") }
        if !(10...20).contains(passwordCost) { return ("password_cost", "is not from 10 to 20") }
        if !(1...86_400).contains(loginLifetimeSeconds) { return ("login_lifetime_seconds", "is not from 1 to 86400") }
        if selfSignedCertificates, clientCA == nil {
            return ("self_signed_certificates", "without client_ca nobody is asked for a certificate")
        }
        if !clientIDMetadata, clientIDMetadataCA != nil || clientIDMetadataPrivate {
            return ("client_id_metadata", "is not true, and its other members have no meaning then")
        }
        if openScopes.isEmpty { return ("open_scopes", "is empty") }
        if let wrong = openScopes.scopes.first(where: { ScopeSet(parsing: $0)?.scopes != [$0] }) {
            return ("open_scopes", "'\(wrong)' is not a scope (RFC 6749 section 3.3)")
        }
        if !(1...31_536_000).contains(refreshLifetimeSeconds) { return ("refresh_lifetime_seconds", "is not from 1 to 31536000") }
        if !(0...60).contains(refreshGraceSeconds) { return ("refresh_grace_seconds", "is not from 0 to 60") }
        if let issuer, !Self.isIssuer(issuer) { return ("issuer", "is not an http(s) URL without query and fragment") }
        if let wrong = resources?.first(where: { !ResourceIdentifier.isValid($0) }) {
            return ("resources", "\(wrong) is not an absolute URI without fragment")
        }
        return nil
    }

    private static func isIssuer(_ text: String) -> Bool {
        ResourceIdentifier.isValid(text) && !text.contains("?") && (text.hasPrefix("https://") || text.hasPrefix("http://"))
    }
}

extension IssuerConfiguration {
    /// That of new passwords, and of comparing one with nobody's.
    var passwordHashing: PasswordHash.Cost {
        PasswordHash.Cost(
            rounds: passwordCost, blockSize: PasswordHash.Cost.standard.blockSize, parallelism: PasswordHash.Cost.standard.parallelism)
    }

    package struct Listen: Sendable, Hashable {
        package var host = "127.0.0.1"
        /// 0: any free port, told by the ready line.
        package var port = 0
    }

    /// What access tokens are.
    package enum TokenFormat: String, Sendable, Hashable, Decodable {
        /// Signed, so that servers can judge them alone (RFC 9068).
        case jwt
        /// Random, so that servers must ask what they are worth (RFC 7662).
        case opaque
    }

    package struct TLS: Sendable, Hashable, Decodable {
        /// A file in PEM: the chain, leaf first.
        package var certificate: String
        /// A file in PEM: the leaf's private key.
        package var key: String
    }
}

extension IssuerConfiguration: Decodable {
    enum CodingKeys: String, CodingKey {
        case listen, issuer, tls, store, algorithm, audit, resources, intermediates
        case clientCA = "client_ca"
        case dpopNonces = "dpop_nonces"
        case tokenLifetimeSeconds = "token_lifetime_seconds"
        case codeLifetimeSeconds = "code_lifetime_seconds"
        case loginLifetimeSeconds = "login_lifetime_seconds"
        case passwordCost = "password_cost"
        case dynamicRegistration = "dynamic_registration"
        case clientIDMetadata = "client_id_metadata"
        case clientIDMetadataCA = "client_id_metadata_ca"
        case clientIDMetadataPrivate = "client_id_metadata_private"
        case selfSignedCertificates = "self_signed_certificates"
        case openScopes = "open_scopes"
        case tokenFormat = "token_format"
        case refreshLifetimeSeconds = "refresh_lifetime_seconds"
        case refreshGraceSeconds = "refresh_grace_seconds"
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(store: try members.decode(String.self, forKey: .store))
        listen = try members.decodeIfPresent(Listen.self, forKey: .listen) ?? listen
        issuer = try members.decodeIfPresent(String.self, forKey: .issuer)
        tls = try members.decodeIfPresent(TLS.self, forKey: .tls)
        tokenLifetimeSeconds = try members.decodeIfPresent(Int.self, forKey: .tokenLifetimeSeconds) ?? tokenLifetimeSeconds
        tokenFormat = try members.decodeIfPresent(TokenFormat.self, forKey: .tokenFormat) ?? tokenFormat
        refreshLifetimeSeconds = try members.decodeIfPresent(Int.self, forKey: .refreshLifetimeSeconds) ?? refreshLifetimeSeconds
        refreshGraceSeconds = try members.decodeIfPresent(Int.self, forKey: .refreshGraceSeconds) ?? refreshGraceSeconds
        codeLifetimeSeconds = try members.decodeIfPresent(Int.self, forKey: .codeLifetimeSeconds) ?? codeLifetimeSeconds
        loginLifetimeSeconds = try members.decodeIfPresent(Int.self, forKey: .loginLifetimeSeconds) ?? loginLifetimeSeconds
        passwordCost = try members.decodeIfPresent(Int.self, forKey: .passwordCost) ?? passwordCost
        dynamicRegistration = try members.decodeIfPresent(Bool.self, forKey: .dynamicRegistration) ?? dynamicRegistration
        clientIDMetadata = try members.decodeIfPresent(Bool.self, forKey: .clientIDMetadata) ?? clientIDMetadata
        clientIDMetadataCA = try members.decodeIfPresent(String.self, forKey: .clientIDMetadataCA)
        clientIDMetadataPrivate = try members.decodeIfPresent(Bool.self, forKey: .clientIDMetadataPrivate) ?? clientIDMetadataPrivate
        openScopes = try members.decodeIfPresent([String].self, forKey: .openScopes).map { ScopeSet($0) } ?? openScopes
        algorithm = try members.decodeIfPresent(SigningAlgorithm.self, forKey: .algorithm) ?? algorithm
        audit = try members.decodeIfPresent(String.self, forKey: .audit)
        resources = try members.decodeIfPresent([String].self, forKey: .resources)
        clientCA = try members.decodeIfPresent(String.self, forKey: .clientCA)
        intermediates = try members.decodeIfPresent(String.self, forKey: .intermediates)
        selfSignedCertificates = try members.decodeIfPresent(Bool.self, forKey: .selfSignedCertificates) ?? selfSignedCertificates
        dpopNonces = try members.decodeIfPresent(Bool.self, forKey: .dpopNonces) ?? dpopNonces
    }
}

extension IssuerConfiguration.Listen: Decodable {
    enum CodingKeys: String, CodingKey {
        case host, port
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        host = try members.decodeIfPresent(String.self, forKey: .host) ?? host
        port = try members.decodeIfPresent(Int.self, forKey: .port) ?? port
    }
}

import Forging
import Foundation

/// The configuration document a server under test is started with.
struct ServerDocument: Encodable {
    struct Listen: Encodable {
        var host = "127.0.0.1"
        var port = 0
    }
    struct TLS: Encodable {
        var certificate: String
        var key: String
        var clientCA: String?
        var crl: String?
        var crlRefreshSeconds: Int?
        var intermediates: String?
        var maxChain: Int?
        var ocsp: OCSP?
    }
    struct OCSP: Encodable {
        var mode: String
        var responder: String
        /// Long enough for a busy machine, and shorter than a slow answer of the bed's takes.
        var timeoutSeconds = 2
        var maxAgeSeconds: Int
    }
    /// One who may call, by one name of a certificate.
    struct Client: Encodable {
        var uri: String?
        var dns: String?
        var email: String?
        var ip: String?
        var cn: String?
        /// The issuer's name, where the name counts from nobody else.
        var issuer: String?
        /// The anchor's certificate, by the base64url of its SHA-256, where several authorities have one name.
        var anchor: String?
        var principal: String
        var scopes: [String]
        var tenant: String?
    }
    struct Issuer: Encodable {
        var issuer: String
        var ca: String?
        var clientID: String?
        var clientSecretFile: String?
        var tenant: String?
    }
    struct Upstream: Encodable {
        var url: String
    }

    var listen = Listen()
    /// The URL that callers know it by, where that is not the one it listens at.
    var resource: String?
    var tls: TLS?
    var plaintext: Bool
    var health: Bool
    var scheme: String
    var binding: String?
    var environment: String
    var store: String
    var clients: [Client]?
    /// A file with the same list, where it is to change while the server runs.
    var clientsFile: String?
    var issuers: [Issuer]
    var leewaySeconds = 0
    var introspectionCacheSeconds = 0
    var jwksMaxAgeSeconds: Int?
    var jwksOutageSeconds: Int?
    var handshakeSeconds: Int?
    var files: String
    var database: String
    var notes: Bool?
    var upstream: Upstream?
    /// As many as the bed likes, unless a scenario says otherwise.
    var refusalsPerMinute = 0
    var audit: String
}

/// The configuration document an issuer under test is started with.
struct IssuerDocument: Encodable {
    struct TLS: Encodable {
        var certificate: String
        var key: String
    }

    var listen = ServerDocument.Listen()
    /// Its identifier, where that is not the URL it listens at.
    var issuer: String?
    var tls: TLS?
    var store: String
    var tokenLifetimeSeconds = 3600
    var algorithm = "ES256"
    /// What tokens may be had for by clients that nobody has registered; nil: nothing.
    var resources: [String]?
    var clientCA: String?
    var intermediates: String?
    /// Whether clients may register themselves, and be known by documents; with the authorities that vouch for the hosts of
    /// those, and whether the hosts may be on this machine.
    var dynamicRegistration: Bool?
    var clientIDMetadata: Bool?
    var clientIDMetadataCA: String?
    var clientIDMetadataPrivate: Bool?
    var audit: String
    /// What a guess at a password costs; little where nobody's is at stake, nil for what the issuer thinks right.
    var passwordCost: Int?
}

/// The configuration document a client under test is started with.
struct ClientDocument: Encodable {
    struct OAuth: Encodable {
        var clientID: String
        var clientSecretFile: String?
        /// `authorization_code`; nil for client credentials.
        var grant: String?
        /// Where tokens are kept, for all clients that share the file.
        var cache: String?
        /// The program that opens the authorization URL, which it gets as its last argument.
        var browser: [String]?
        var scopes: [String]
        var dpop: Bool?
        var showsCertificate: Bool?
    }

    var server: String
    var ca: String?
    var era: String
    var scheme: String
    var apiKeyFile: String?
    var certificate: String?
    var key: String?
    var oauth: OAuth?
    /// How long one exchange may take.
    var timeoutSeconds: Int?
}

enum Documents {
    /// Writes a document or a secret where only its owner can read it.
    static func write(_ document: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { path in
            let name = path.last?.stringValue ?? ""
            return DocumentKey(stringValue: Self.members[name] ?? name)
        }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try write(try encoder.encode(document), to: path)
    }

    static func write(_ data: Data, to path: String) throws {
        // Nobody needs it any more after a power failure, and to wait for the disk takes longer than all the rest of it.
        do { try Files.write([UInt8](data), to: path, mode: 0o600, isDurable: false) } catch {
            throw BedError("cannot write \(path): \(error)")
        }
    }

    private static let members = [
        "clientCA": "client_ca", "clientID": "client_id", "clientSecretFile": "client_secret_file", "leewaySeconds": "leeway_seconds",
        "introspectionCacheSeconds": "introspection_cache_seconds",
        "jwksMaxAgeSeconds": "jwks_max_age_seconds", "jwksOutageSeconds": "jwks_outage_seconds",
        "timeoutSeconds": "timeout_seconds", "maxAgeSeconds": "max_age_seconds",
        "crlRefreshSeconds": "crl_refresh_seconds",
        "refusalsPerMinute": "refusals_per_minute",
        "tokenLifetimeSeconds": "token_lifetime_seconds", "passwordCost": "password_cost",
        "maxChain": "max_chain", "handshakeSeconds": "handshake_seconds", "apiKeyFile": "api_key_file",
        "showsCertificate": "shows_certificate", "clientsFile": "clients_file",
        "dynamicRegistration": "dynamic_registration", "clientIDMetadata": "client_id_metadata",
        "clientIDMetadataCA": "client_id_metadata_ca", "clientIDMetadataPrivate": "client_id_metadata_private",
    ]
}

private struct DocumentKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// The closed lists of what can be bent, and how.
extension Bend {
    package static let keyChanges = [
        "wrong-secret", "unknown-id", "other-environment", "truncated", "other-case", "one-letters-case", "extended", "last-changed",
        "first-changed", "first-eight", "hash-hex", "hash-upper-hex", "hash-base64", "empty", "blank", "percent-nul", "percent",
        "underscores", "asterisk", "prefix-and-percent", "quote-or", "object", "path", "lookup", "first-of-two", "second-of-two", "revoked",
        "expired",
        "length-1", "length-63", "length-64", "length-65", "length-66", "length-127", "length-128", "length-255", "length-256",
        "length-4096",
    ]
    package static let signatures = ["none", "empty", "attacker-key", "hmac-with-public-key", "other-payload"]
    package static let handshakes = [
        "tls-1.2", "tls-1.3", "no-certificate-tls-1.2", "no-certificate-tls-1.3", "hello-tls-1.2", "hello-tls-1.1", "hello-tls-1.0",
        "hello-ssl-3", "plain-http", "garbage", "slow", "long-chain", "endless-chain",
    ]
    package static let forwardings = ["client-cert", "client-cert-alone", "xfcc", "subject-fields", "pem-field"]
    package static let presentations = [
        "twice", "good-then-bad", "bad-then-good", "comma-list", "query-api-key", "query-key", "query-access-token", "cookie",
        "x-api-key", "basic", "other-scheme", "bare", "scheme-alone", "scheme-and-blank", "no-blank", "lower-case", "upper-case",
        "quotes", "encoded-line-break", "unknown-scheme", "altered", "own-origin", "two-callers", "key-beside-narrow-token",
        "certificate-only", "token-only", "key-for-token", "key-beside-bad-token",
        "anothers-certificate", "form", "guesses",
    ]
    package static let proofs = [
        "none", "twice", "as-bearer", "type", "algorithm-none", "private-key", "wrong-signature", "wrong-method", "wrong-target",
        "no-token", "wrong-token", "old", "future", "replayed", "other-key", "algorithm-hmac",
    ]
    /// Bound to nothing, to something else, to the certificate that a renewed one took the place of, or in another notation.
    package static let bindings = ["none", "other", "renewed", "hexadecimal", "padded", "other-member", "empty", "key-only"]
    package static let healths = [
        "key", "nothing", "wrong-key", "token", "tools-with-key", "tool-with-token", "at-the-tools-port",
    ]
    package static let audiences = [
        "suffix", "shorter", "dot-segments", "upper-case-path", "other-port", "http", "slash", "query", "list-with-it",
        "list-without-it", "list-in-list", "empty", "empty-list", "null", "number",
    ]
    package static let issuers = [
        "slash", "upper-case", "suffix", "shorter", "absent", "null", "list", "others-key", "others-key-same-name",
    ]
    package static let attacks = [
        "missing-parts", "extra-parts", "changed-header", "changed-payload", "changed-signature", "algorithm-none",
        "hmac-with-public-key", "unlisted-algorithm", "special-ecdsa-numbers", "ecdsa-length", "ecdsa-der", "base64-padding",
        "base64-alphabet", "base64-spare-bits", "embedded-key", "key-url", "certificate-url", "embedded-certificate", "critical",
        "unencoded-payload", "key-identifier", "other-type", "json-serialization", "encrypted", "repeated-header", "repeated-claim",
        "contradicted-claim", "far-beginning", "far-end",
        "rsa-prefix", "rsa-padding", "rsa-digest-info", "rsa-length",
        "rsa-other-algorithm", "large", "deep", "many-members",
    ]
    package static let bodies = [
        "batch", "batch-reversed", "repeated-name", "repeated-name-reversed", "repeated-method", "repeated-params", "name-as-list",
        "not-json", "empty", "response", "deep", "not-utf-8",
    ]
    package static let requests = [
        "call", "list", "discover", "initialize", "ping", "resources", "prompts", "notification", "response", "get", "delete", "put",
        "head", "options", "patch", "metadata", "metadata-of-the-host", "article-tool", "old-stream", "old-messages", "old-message",
        "slash", "query", "version-2024-11-05",
        "version-2025-03-26", "large-body", "deep-body", "unfinished-body", "double-slash", "dot-segments",
        "encoded-path", "path-parameter", "capitals",
    ]
    package static let sessions = [
        "alone", "another-callers", "unknown", "ended", "none", "another-callers-end", "twice", "another-tenants", "another-callers-events",
        "another-callers-events-from-ones-own",
    ]
    package static let tenants = ["reads-anothers", "lists", "keeps-own", "field", "address", "argument", "claim"]
    package static let octets = [
        "non-ascii", "overlong", "nul", "delete", "high-octets", "bare-cr", "folded", "long-credential", "longest-credential",
        "many-fields", "long-field", "no-host", "two-hosts", "two-lengths", "bad-length", "space-before-colon",
        "http-0.9", "garbage", "tls-in-tls", "bad-chunk",
    ]
    package static let introspections = [
        "inactive", "active-as-text", "active-as-number", "empty-object", "list", "html", "status-500", "status-401", "slow",
        "other-audience", "no-audience", "refresh-token", "other-issuer", "expired", "not-yet-valid", "repeated-active", "no-subject",
    ]
    package static let keySets = [
        "second-key", "unknown-types-beside", "many-keys", "repeated-identifier", "for-encryption", "for-signing-only",
        "private", "short-rsa", "off-the-curve", "other-curve", "withdrawn-key", "reused-identifier", "not-json",
        "status-500", "flood",
    ]
    /// Answers of an OCSP responder (RFC 6960), by what is wrong with them; the last ones are right.
    package static let responses = [
        "revoked", "unknown", "expired", "not-yet-valid", "wrong-nonce", "no-nonce", "wrong-serial", "wrong-issuer", "wrong-signer",
        "strange-signer", "expired-delegate", "bad-signature", "malformed-request", "internal-error", "try-later", "signature-required",
        "unauthorized", "malformed", "empty", "http-error", "down", "slow", "delegate", "no-next-update", "good",
        // Of the certificate itself it says that it is good.
        "authority-good", "authority-revoked",
    ]
    /// Revocation lists (RFC 5280 section 5), by what is wrong with them; `right`, `unchanged-this-update` and `huge` are right,
    /// and so is the first of two in `older-behind`.
    package static let lists = [
        "right", "expired", "not-yet-valid", "wrong-issuer", "wrong-key", "bad-signature", "no-next-update", "no-number",
        "critical-number", "older-number", "unchanged-this-update", "delta", "indirect", "other-point", "only-authorities",
        "unknown-critical", "unknown-critical-entry", "huge", "older-behind", "garbage", "cut-short", "empty", "absent",
    ]

    /// The part of the credential or the request that is bent, such as `claims.exp`: what the report marks in the refused call.
    package var field: String {
        switch self {
        case .absent: "credential"
        case .nothing: "nothing"
        case .key: "key"
        case .claims(let members): "claims." + members.keys.sorted().joined(separator: ",")
        case .header(let members): "header." + members.keys.sorted().joined(separator: ",")
        case .signature: "signature"
        case .attack: "token"
        case .audience: "claims.aud"
        case .issuer: "claims.iss"
        case .certificate, .limbo, .moment: "certificate"
        case .handshake: "handshake"
        case .forwarded: "forwarded certificate"
        case .presentation: "presentation"
        case .proof: "proof"
        case .binding: "binding"
        case .health: "request"
        case .scopes: "scopes"
        case .request, .unauthenticated: "request"
        case .body: "body"
        case .tool: "tool"
        case .session: "session"
        case .tenant: "tenant"
        case .timing: "key"
        case .octets: "octets"
        case .introspection: "introspection"
        case .keySet: "key set"
        case .issuing(let act): act.place.rawValue
        case .ocsp: "OCSP answer"
        case .list: "revocation list"
        case .peer(let change): change.part.rawValue
        }
    }
}

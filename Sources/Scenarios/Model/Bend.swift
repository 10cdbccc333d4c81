/// One thing wrong with a credential, with the request that carries it, or with the world around the server.
package enum Bend: Sendable, Codable, Hashable {
    /// Nothing is presented.
    case absent
    /// Nothing is bent: the control itself is looked at.
    case nothing
    /// A key changed in one way: one of `keyChanges`.
    case key(String)
    /// Claims set to other values (JSON text), or removed (nil), before signing with the right key.
    case claims([String: String?])
    /// Header members set or removed, as for claims.
    case header([String: String?])
    /// How it is signed: one of `signatures`.
    case signature(String)
    /// A class of forged tokens: one of `attacks`.
    case attack(String)
    /// The token is for somebody whose name is like the server's: one of `audiences`.
    case audience(String)
    /// The token names an issuer that is like the trusted one, or another trusted one: one of `issuers`.
    case issuer(String)
    /// The named certificate of the PKI manifest is presented in the baseline's place; `none` for no certificate.
    case certificate(String)
    /// The chain of a case of path validation after x509-limbo, by its id, is presented in the baseline's place.
    case limbo(String)
    /// The same, at the moment that the case is about: the subjects' clock stands still there.
    case moment(String)
    /// The TLS connection begins in another way: one of `handshakes`.
    case handshake(String)
    /// The request says that a proxy has seen another certificate: one of `forwardings`.
    case forwarded(String)
    /// Presented in another way: one of `presentations`.
    case presentation(String)
    /// The proof of possession beside the token is wrong in one way: one of `proofs`.
    case proof(String)
    /// A request to the endpoint for health checks, or to what should not be beside it: one of `healths`.
    case health(String)
    /// The token is bound to something else, or to nothing: one of `bindings`.
    case binding(String)
    /// A credential of the same kind and principal that has these scopes and no others.
    case scopes([String])
    /// The request is another one: its method, its path or its fields.
    case request(RequestChange)
    /// The body is another one: one of `bodies`.
    case body(String)
    /// The tool is called by this name, in the header and in the body.
    case tool(String)
    /// A request without a credential: one of `requests`.
    case unauthenticated(String)
    /// The session is somebody else's, or stands alone: one of `sessions`.
    case session(String)
    /// What is asked for is another tenant's: one of `tenants`.
    case tenant(String)
    /// A secret that is right so far, again and again, and how long the answers take.
    case timing(Timing)
    /// Octets that no client sends: one of `octets`.
    case octets(String)
    /// The issuer says something else of the token: one of `introspections`.
    case introspection(String)
    /// The issuer publishes something else: one of `keySets`.
    case keySet(String)
    /// An issuer is asked in another way, or its answer is looked at more closely.
    case issuing(IssuerAct)
    /// The responder says something else of the certificate, or nothing: one of `responses`.
    case ocsp(String)
    /// Another revocation list stands where the server reads it.
    case list(ListChange)
    /// Somebody around the client is not as it should be.
    case peer(PeerChange)

    /// A revocation list, and whose certificate is judged by it.
    package struct ListChange: Sendable, Codable, Hashable {
        package enum Caller: String, Sendable, Codable, CaseIterable {
            /// The list before names it, and this one, in its place, does not.
            case revokedUnder = "revoked-under"
            /// This list names it, and none before.
            case revokedBy = "revoked-by"
            /// No list names it: the baseline's own.
            case goodUnder = "good-under"
        }

        package var caller: Caller
        /// What is wrong with the list, if anything: one of `lists`.
        package var list: String

        package init(caller: Caller, list: String) {
            self.caller = caller
            self.list = list
        }
    }

    /// How long answers are timed for.
    package struct Timing: Sendable, Codable, Hashable {
        /// How often each kind of wrong secret is sent on each connection.
        package var blocks: Int

        package init(blocks: Int) {
            self.blocks = blocks
        }
    }

    /// A change of the request; what is nil stays. A field that is nil is left out.
    package struct RequestChange: Sendable, Codable, Hashable {
        package var method: String?
        package var path: String?
        package var fields: [String: String?]

        package init(method: String? = nil, path: String? = nil, fields: [String: String?] = [:]) {
            self.method = method
            self.path = path
            self.fields = fields
        }
    }
}

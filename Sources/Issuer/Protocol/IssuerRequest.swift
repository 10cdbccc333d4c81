package import MutualTLS

/// What the endpoints look at in a request.
package struct IssuerRequest: Sendable {
    package var method: String
    package var path: String
    /// The part of the target behind `?`, or nil.
    package var query: String?
    /// The values of all `Authorization` fields.
    package var authorization: [String]
    /// The values of all `Cookie` fields.
    package var cookies: [String] = []
    /// The values of all `DPoP` fields (RFC 9449 section 4.1).
    package var proofs: [String] = []
    /// The certificate of the connection; nil without one. See ``ClientEvidence/certificate`` for what it proves.
    package var certificate: PeerCertificate?
    /// The values of all `Content-Type` fields.
    package var contentType: [String]
    /// The `X-Request-Id` of the answer, made here and not taken from the caller.
    package var id: String
    /// The other end of the connection, as `127.0.0.1:54321`.
    package var peer: String?
    /// Reads the body; throws `invalid_request` when it is larger or slower than allowed.
    package var readBody: @Sendable () async throws(OAuthError) -> [UInt8]

    package init(
        method: String, path: String, query: String? = nil, authorization: [String] = [], contentType: [String] = [], id: String,
        peer: String? = nil, readBody: @escaping @Sendable () async throws(OAuthError) -> [UInt8] = { () throws(OAuthError) in [] }
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.authorization = authorization
        self.contentType = contentType
        self.id = id
        self.peer = peer
        self.readBody = readBody
    }
}

/// The claims of a JWT access token as they are written (RFC 9068 section 2.2). Times are whole seconds since 1970.
package struct AccessTokenClaims: Sendable, Hashable, Encodable {
    package var iss: String
    package var sub: String
    package var aud: [String]
    package var exp: Int
    package var iat: Int
    package var nbf: Int?
    package var jti: String
    package var clientID: String
    /// Nil for none: `scope` is left out then.
    package var scope: String?
    package var cnf: Confirmation?

    package init(iss: String, sub: String, aud: [String], exp: Int, iat: Int, jti: String, clientID: String, scope: String?) {
        self.iss = iss
        self.sub = sub
        self.aud = aud
        self.exp = exp
        self.iat = iat
        self.jti = jti
        self.clientID = clientID
        self.scope = scope
    }

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, exp, iat, nbf, jti, scope, cnf
        case clientID = "client_id"
    }

    /// A single audience is written as a string (RFC 7519 section 4.1.3): every reader knows that form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(iss, forKey: .iss)
        try container.encode(sub, forKey: .sub)
        if aud.count == 1 {
            try container.encode(aud[0], forKey: .aud)
        } else {
            try container.encode(aud, forKey: .aud)
        }
        try container.encode(exp, forKey: .exp)
        try container.encode(iat, forKey: .iat)
        try container.encodeIfPresent(nbf, forKey: .nbf)
        try container.encode(jti, forKey: .jti)
        try container.encode(clientID, forKey: .clientID)
        try container.encodeIfPresent(scope, forKey: .scope)
        try container.encodeIfPresent(cnf, forKey: .cnf)
    }
}

package import Auth
package import MCP

/// What the token endpoint answered, not believed yet.
package struct TokenAnswer: Sendable {
    package var document: JSONValue
    /// The `token_type` that was asked for, in lower case.
    package var type: String
    /// Added by the checks.
    package var token: Secret<String>?
    /// Added by the checks, where there is one.
    package var refreshToken: Secret<String>?

    package init(document: JSONValue, type: String = "bearer") {
        self.document = document
        self.type = type
    }

    package static let checks = Verifier<TokenAnswer>([
        // RFC 6749 section 7.1: a client MUST NOT use a token whose type it does not understand. One that should be bound and is
        // not would be a bearer token in disguise (RFC 9449 section 5).
        Check("token-type") { answer, _ in
            guard answer.document["token_type"]?.string?.lowercased() == answer.type else {
                return Refusal(.type, "the token is not of the type \(answer.type == "dpop" ? "DPoP" : "Bearer")")
            }
            return nil
        },
        // RFC 6750 section 2.1: b64token. Anything else could not be sent, or would end the header field early.
        Check("access-token") { answer, _ in
            guard let token = answer.document["access_token"]?.string, (1...16_384).contains(token.utf8.count),
                token.utf8.allSatisfy(isTokenByte)
            else { return Refusal(.malformed, "there is no access_token that can be sent as a Bearer token") }
            answer.token = Secret(token)
            return nil
        },
        // RFC 6749 appendix A.17. It may be absent, and nothing may count on it (MCP authorization, refresh tokens).
        Check("refresh-token") { answer, _ in
            guard let value = answer.document["refresh_token"], !value.isNull else { return nil }
            guard let token = value.string, (1...16_384).contains(token.utf8.count), token.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { return Refusal(.malformed, "its refresh_token is none that could be sent back") }
            answer.refreshToken = Secret(token)
            return nil
        },
    ])

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~+/=".utf8.contains(byte)
        }
    }
}

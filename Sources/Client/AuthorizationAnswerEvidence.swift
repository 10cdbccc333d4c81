package import Auth

/// What a browser brought to the redirect URI, with what it is judged against. Nothing in it is acted on before all checks have passed.
package struct AuthorizationAnswerEvidence: Sendable {
    package var parameters: FormParameters
    package var pending: PendingAuthorization
    /// Added by the checks.
    package var code: Secret<String>?

    package init(parameters: FormParameters, pending: PendingAuthorization) {
        self.parameters = parameters
        self.pending = pending
    }

    /// The `error` of RFC 6749 section 4.1.2.1, if it is one that can be shown.
    package var error: String? { parameters["error"].flatMap(ErrorCode.init)?.text }

    package static let checks = Verifier<AuthorizationAnswerEvidence>([
        // RFC 6749 section 10.12: an answer to a question that this client did not ask is dropped.
        Check("state") { evidence, _ in
            guard let state = evidence.parameters["state"], ConstantTime.areEqual(state, evidence.pending.state.reveal()) else {
                return Refusal(.unknown, "the answer in the browser is not to this client's question (state)")
            }
            return nil
        },
        // RFC 9207 section 2.4, byte for byte: a wrong one is refused whether it was announced or not, and an absent one where it was.
        // Before errors are looked at: those of another issuer must not be acted on or shown.
        Check("issuer") { evidence, _ in
            guard evidence.parameters.values["iss"] != nil else {
                return evidence.pending.issuerNamesItself
                    ? Refusal(.issuer, "the answer in the browser does not say which issuer it is from, and should (iss)") : nil
            }
            guard let issuer = evidence.parameters["iss"], issuer.utf8.elementsEqual(evidence.pending.issuer.utf8) else {
                return Refusal(.issuer, "the answer in the browser is from another issuer than \(evidence.pending.issuer) (iss)")
            }
            return nil
        },
        Check("error") { evidence, _ in
            guard evidence.parameters.values["error"] != nil else { return nil }
            return Refusal(.scope, "the token issuer refused the authorization")
        },
        Check("code") { evidence, _ in
            guard let code = evidence.parameters["code"], (1...4096).contains(code.utf8.count),
                code.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { return Refusal(.malformed, "the answer in the browser has no authorization code") }
            evidence.code = Secret(code)
            return nil
        },
    ])
}

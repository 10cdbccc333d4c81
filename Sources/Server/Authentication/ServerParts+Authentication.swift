package import Auth
import MutualTLS
import OAuth

package import struct Foundation.Date

extension ServerParts {
    /// Asks each layer of a policy, and lets the policy decide.
    ///
    /// Nothing is remembered between two requests: not by connection, session or credential.
    package func judge(_ request: ServerRequest, by policy: LayeredPolicy?, at now: Date) async -> Authentication {
        guard let policy else { return .anyone }
        var verdicts: [Layer: Verdict] = [:]
        var credentials: [Layer: CredentialID] = [:]
        var unchecked: String?
        for layer in policy.required {
            let opinion = await judge(request, in: layer, at: now)
            verdicts[layer] = opinion.verdict
            credentials[layer] = opinion.credential
            unchecked = unchecked ?? opinion.unchecked
        }
        return Authentication(policy.decide(verdicts), credentials: credentials, unchecked: unchecked)
    }

    /// What one layer says of a request.
    package struct Opinion: Sendable {
        /// Nil when the request shows nothing that the layer could judge.
        package var verdict: Verdict?
        package var credential: CredentialID?
        /// As `Authentication` has it.
        package var unchecked: String?

        package init(_ verdict: Verdict? = nil, credential: CredentialID? = nil, unchecked: String? = nil) {
            self.verdict = verdict
            self.credential = credential
            self.unchecked = unchecked
        }
    }

    package func judge(_ request: ServerRequest, in layer: Layer, at now: Date) async -> Opinion {
        switch layer {
        case .certificate:
            guard let certificate = request.certificate else { return Opinion() }
            return await judge(certificate, of: request, at: now)
        case .apiKey, .token:
            switch request.bearer {
            case .absent: return Opinion()
            case .unreadable(let refusal): return Opinion(.refused(refusal))
            // An API key is a bearer credential and no other.
            case .proven where layer == .apiKey: return Opinion()
            case .proven(let text):
                switch request.proof {
                case .refused(let refusal): return Opinion(.refused(refusal))
                case nil: return Opinion(.refused(Refusal(.proof, "no proof was judged")))
                case .key(let thumbprint):
                    return await judge(
                        AccessTokenEvidence(
                            token: text.reveal(), certificateThumbprint: request.certificate?.thumbprint, keyThumbprint: thumbprint),
                        by: tokens, at: now)
                }
            case .token(let text):
                return layer == .apiKey
                    ? await judge(APIKeyEvidence(presented: text.reveal()), by: keys, at: now)
                    : await judge(
                        AccessTokenEvidence(token: text.reveal(), certificateThumbprint: request.certificate?.thumbprint),
                        by: tokens, at: now)
            }
        }
    }

    private func judge<Evidence: IdentifyingEvidence>(_ evidence: Evidence, by verifier: Verifier<Evidence>, at now: Date) async -> Opinion
    {
        var evidence = evidence
        let verdict = await verifier.verdict(on: &evidence, at: now)
        return Opinion(verdict, credential: evidence.credential)
    }

    private func judge(_ certificate: PeerCertificate, of request: ServerRequest, at now: Date) async -> Opinion {
        var evidence = PeerEvidence(peer: certificate, handshake: request.handshake)
        let credential = CredentialID.certificate(serial: certificate.serial, thumbprint: certificate.thumbprint)
        if let refusal = await objectionToProxy(of: request, at: now) { return Opinion(.refused(refusal), credential: credential) }
        if let objection = await peers.objection(to: &evidence, at: now) {
            return Opinion(.refused(objection.refusal), credential: credential)
        }
        guard let principal = evidence.principal else {
            return Opinion(.refused(Refusal(.name, "the certificate names nobody")), credential: credential)
        }
        return Opinion(.accepted(principal), credential: credential, unchecked: evidence.unchecked)
    }
}

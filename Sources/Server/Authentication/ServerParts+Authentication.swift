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
        for layer in policy.required {
            let (verdict, credential) = await judge(request, in: layer, at: now)
            verdicts[layer] = verdict
            credentials[layer] = credential
        }
        return Authentication(policy.decide(verdicts), credentials: credentials)
    }

    /// What one layer says of a request; no verdict when it shows nothing that layer could judge.
    package func judge(_ request: ServerRequest, in layer: Layer, at now: Date) async -> (Verdict?, CredentialID?) {
        switch layer {
        case .certificate:
            guard let certificate = request.certificate else { return (nil, nil) }
            return await judge(certificate, of: request, at: now)
        case .apiKey, .token:
            switch request.bearer {
            case .absent: return (nil, nil)
            case .unreadable(let refusal): return (.refused(refusal), nil)
            // An API key is a bearer credential and no other.
            case .proven where layer == .apiKey: return (nil, nil)
            case .proven(let text):
                switch request.proof {
                case .refused(let refusal): return (.refused(refusal), nil)
                case nil: return (.refused(Refusal(.proof, "no proof was judged")), nil)
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

    private func judge<Evidence: IdentifyingEvidence>(
        _ evidence: Evidence, by verifier: Verifier<Evidence>, at now: Date
    ) async -> (Verdict?, CredentialID?) {
        var evidence = evidence
        let verdict = await verifier.verdict(on: &evidence, at: now)
        return (verdict, evidence.credential)
    }

    private func judge(_ certificate: PeerCertificate, of request: ServerRequest, at now: Date) async -> (Verdict?, CredentialID?) {
        var evidence = PeerEvidence(peer: certificate, handshake: request.handshake)
        let credential = CredentialID.certificate(serial: certificate.serial, thumbprint: certificate.thumbprint)
        if let refusal = await objectionToProxy(of: request, at: now) { return (.refused(refusal), credential) }
        if let objection = await peers.objection(to: &evidence, at: now) { return (.refused(objection.refusal), credential) }
        guard let principal = evidence.principal else {
            return (.refused(Refusal(.name, "the certificate names nobody")), credential)
        }
        return (.accepted(principal), credential)
    }
}

package import Auth
import HTTPTypes
import OAuth
import Serving

package import struct Foundation.Date

extension ServerParts {
    /// The request with its proof of possession judged (RFC 9449 section 7.1), where it shows a token of the scheme `DPoP`.
    ///
    /// Once, before anything else: what it proved holds for as long as the answer takes.
    package func withProof(_ request: ServerRequest, at now: Date) async -> ServerRequest {
        guard case .proven(let token) = request.bearer else { return request }
        var request = request
        var evidence = DPoPEvidence(
            proofs: request.headers[values: .dpop], method: request.method.rawValue, url: origin(of: request) + request.path,
            accessToken: token)
        if let objection = await proofs.beforeUse.objection(to: &evidence, at: now) {
            let refusal = objection.refusal
            // A token was shown, so this is no caller without a credential.
            request.proof = .refused(refusal.reason == .missing ? Refusal(.proof, refusal.detail) : refusal)
        } else if let thumbprint = evidence.keyThumbprint {
            request.proof = .key(thumbprint)
            request.unusedProof = evidence
        }
        return request
    }

    /// Who is calling, asked for the first time in a request: with a token that is good its proof is used up, which it can be once.
    package func admit(_ request: ServerRequest, by policy: LayeredPolicy?, at now: Date) async -> Authentication {
        var authentication = await authenticate(self, request, policy, now)
        guard case .granted(_, var layers) = authentication.decision, var evidence = request.unusedProof,
            let owner = layers.removeValue(forKey: .token)
        else { return authentication }
        evidence.holder = ProofHolder("\(owner.tenant ?? "") \(owner.name)")
        guard let objection = await proofs.use.objection(to: &evidence, at: now) else { return authentication }
        authentication.decision = .denied(objection.refusal, by: .token, others: layers)
        return authentication
    }

    /// As its peers call the listener that the request came to, or the whole service, behind whose name there may be several.
    private func origin(of request: ServerRequest) -> String {
        guard let authority = request.authority else { return endpoints.url }
        let name = resource.hasSuffix(Path.mcp) ? String(resource.dropLast(Path.mcp.count)) : resource
        return [name, endpoints.plaintext].compactMap { $0 }.first { $0.hasSuffix("//" + authority) } ?? endpoints.url
    }
}

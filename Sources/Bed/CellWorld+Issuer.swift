import Foundation
import Probing
import Synchronization

/// Asking the issuer as a client does.
extension CellWorld {
    /// The URL of an endpoint that the issuer's metadata (RFC 8414) names.
    func issuerEndpoint(_ name: String) async throws -> String {
        guard let issuerURL else { throw BedError("no issuer is running") }
        if state.withLock({ $0.issuerMetadata.isEmpty }) {
            let answer = await Probe(ca: pki.ca, identity: nil).send(
                ProbeRequest(method: "GET", url: issuerURL + "/.well-known/oauth-authorization-server", headers: [], body: []),
                over: .newConnection)
            guard case .response(200, _, let body) = answer.outcome,
                let members = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
            else { throw BedError("the issuer's metadata could not be read") }
            state.withLock { $0.issuerMetadata = members.compactMapValues { $0 as? String } }
        }
        guard let url = state.withLock({ $0.issuerMetadata[name] }) else { throw BedError("the issuer's metadata names no \(name)") }
        return url
    }

    /// A form for an endpoint of the issuer, authenticated as a client.
    ///
    /// - Parameters:
    ///   - secret: Nil for a public client.
    ///   - key: What the token becomes bound to; nil for nothing.
    func issuerRequest(_ endpoint: String, body: String, clientID: String, secret: String?, key: PossessionKey? = nil)
        async throws -> ProbeRequest
    {
        let url = try await issuerEndpoint(endpoint)
        var (headers, body) = ([ProbeHeader(name: "Content-Type", value: "application/x-www-form-urlencoded")], body)
        if let secret {
            let basic = Data("\(WebForm.escape(clientID)):\(WebForm.escape(secret))".utf8).base64EncodedString()
            headers.append(ProbeHeader(name: "Authorization", value: "Basic \(basic)"))
        } else {
            // A public client only says who it is (RFC 6749 section 3.2.1).
            body += "&" + WebForm.encode([("client_id", clientID)])
        }
        if let key {
            headers.append(ProbeHeader(name: "DPoP", value: try key.proof(method: "POST", url: url, token: nil, now: clock.now)))
        }
        return ProbeRequest(method: "POST", url: url, headers: headers, body: Array(body.utf8))
    }

    /// Posts such a form, and gives the members of the answer.
    ///
    /// - Parameter credential: Whose key and certificate the token becomes bound to; nil where none is asked for.
    func askIssuer(path endpoint: String, body: String, clientID: String, secret: String?, by credential: Credential? = nil)
        async throws -> [String: Any]
    {
        let request = try await issuerRequest(endpoint, body: body, clientID: clientID, secret: secret, key: credential?.possession)
        let probe = Probe(ca: pki.ca, identity: credential?.possession == nil ? credential?.identity : nil)
        switch await probe.send(request, over: .newConnection).outcome {
        case .response(let status, _, let body):
            let members = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
            if status != 200, members["error"] == nil { throw BedError("the issuer answered HTTP \(status) at its \(endpoint)") }
            return members
        case .refusedInTransport(let refusal): throw BedError("the issuer refused the connection: \(refusal.face)")
        case .dropped(let why), .continued(let why): throw BedError("the issuer did not answer: \(why)")
        }
    }
}

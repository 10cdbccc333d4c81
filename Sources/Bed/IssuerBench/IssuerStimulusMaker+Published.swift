import Forging
import Foundation
import Probing
import Trace

/// What an issuer tells everybody, looked at: its metadata (RFC 8414) and its keys (RFC 7517).
extension IssuerStimulusMaker {
    func published(_ how: String) async throws -> IssuerPlay {
        if how.hasPrefix("key-") { return try await keys(how) }
        guard let reply = try await wire.readMetadata() else { throw BedError("the issuer's metadata could not be read") }
        var outcome = IssuerOutcome(reply, .accepted)
        let members = reply.members
        let issuer = wire.world.issuerURL ?? ""
        switch how {
        case "place": break
        case "issuer":
            let found = members["issuer"] as? String ?? "absent"
            if found != issuer { outcome.amiss = "issuer is \(found), wanted \(issuer)" }
        case "endpoints":
            let names = members.keys.filter { $0.hasSuffix("_endpoint") || $0 == "jwks_uri" }.sorted()
            if members["token_endpoint"] == nil { outcome.amiss = "no token_endpoint" }
            for name in names where !Self.isSafe(members[name] as? String ?? "") { outcome.amiss = "\(name) is not an https URL" }
        case "proof-key-methods":
            guard members["authorization_endpoint"] != nil else {
                throw SubjectGap(what: "authorization_endpoint", why: "the issuer's metadata names no authorization_endpoint")
            }
            let methods = members["code_challenge_methods_supported"] as? [String] ?? []
            if !methods.contains("S256") { outcome.amiss = "code_challenge_methods_supported does not name S256" }
        case "authentication-methods":
            let methods = members["token_endpoint_auth_methods_supported"] as? [String] ?? []
            if methods.isEmpty { outcome.amiss = "token_endpoint_auth_methods_supported is absent or empty" }
        default: throw BedError("nothing called \(how) is published")
        }
        return IssuerPlay(outcome)
    }

    /// On this machine plain HTTP will do.
    private static func isSafe(_ url: String) -> Bool {
        url.hasPrefix("https://") || ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { url.hasPrefix($0) }
    }

    private func keys(_ how: String) async throws -> IssuerPlay {
        let reply = await wire.get(try await wire.endpoint("jwks_uri"))
        var outcome = IssuerOutcome(reply, isAccepted: reply.status == 200)
        let keys = Self.keys(in: reply)
        if keys.isEmpty { outcome.amiss = "the key set has no keys" }
        switch how {
        case "key-members":
            let secret = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
            if let name = secret.first(where: { name in keys.contains { $0[name] != nil } }) {
                outcome.amiss = "a key is published with its private member \(name)"
                // Whatever it is, it is seen in no trace.
                for key in keys { secret.forEach { wire.remember(key[$0] as? String) } }
            }
        case "key-names":
            let names = keys.compactMap { $0["kid"] as? String }
            if names.count != keys.count { outcome.amiss = "\(keys.count - names.count) of \(keys.count) keys have no kid" }
            if Set(names).count != names.count { outcome.amiss = "two keys have the same kid" }
        default:
            for key in keys where key["kty"] as? String == "RSA" {
                let octets = ((key["n"] as? String)?.utf8.count ?? 0) * 3 / 4
                if octets * 8 < 2048 { outcome.amiss = "an RSA key has \(octets * 8) bits, fewer than 2048" }
            }
        }
        return IssuerPlay(outcome)
    }

    /// The published keys, each with its members.
    func keySet() async throws -> [[String: Any]] { Self.keys(in: await wire.get(try await wire.endpoint("jwks_uri"))) }

    static func keys(in reply: IssuerReply) -> [[String: Any]] { reply.members["keys"] as? [[String: Any]] ?? [] }
}

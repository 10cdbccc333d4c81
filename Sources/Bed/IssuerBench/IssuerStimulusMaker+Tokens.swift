import Forging
import Foundation
import Probing
import Trace

/// Requests for a token with a client's own credentials.
extension IssuerStimulusMaker {
    func tokenRequest(_ how: String) async throws -> IssuerPlay {
        let client = try await desk.machine(baseline)
        var ask = IssuerDesk.tokenRequest(by: client)
        switch how {
        case "right": break
        case "get": (ask.method, ask.inQuery, ask.mediaType) = ("GET", true, nil)
        case "parameters-in-query": ask.inQuery = true
        case "repeated-parameter": ask.parameters.append(ask.parameters.last { $0.0 == "scope" } ?? ask.parameters[0])
        case "no-grant-type": ask.set("grant_type", nil)
        case "password-grant":
            ask.set("grant_type", "password")
            ask.parameters += [("username", "alice"), ("password", "a password")]
        case "implicit-grant": ask.set("grant_type", "implicit")
        case "unknown-grant": ask.set("grant_type", "urn:example:grant")
        case "unknown-parameter": ask.parameters.append(("example", "of no meaning"))
        case "unknown-resource": ask.set("resource", "https://unknown.example/mcp")
        case "resource-with-fragment": ask.set("resource", IssuerDesk.resource + "#part")
        case "relative-resource": ask.set("resource", "/mcp")
        case "other-scope", "partly-other-scope", "wildcard-scope", "no-scope", "empty-scope": return try await scope(how, ask, client)
        default: return try await malformed(how, ask, client)
        }
        return try await self.ask(ask)
    }

    /// More than the client is registered for. An issuer may refuse, or give less and say so (RFC 6749 section 3.3).
    private func scope(_ how: String, _ ask: IssuerAsk, _ client: IssuerDesk.Client) async throws -> IssuerPlay {
        try Self.known(client.scope, "scope")
        var ask = ask
        let wanted: [String: String?] = [
            "other-scope": IssuerDesk.otherScope, "partly-other-scope": "\(IssuerDesk.scope) \(IssuerDesk.otherScope)", "no-scope": nil,
            "empty-scope": "",
        ]
        ask.set("scope", wanted[how] ?? "mcp:*")
        let reply = try await wire.send(ask)
        guard let token = reply.token else { return IssuerPlay(IssuerOutcome(token: reply)) }
        let told = reply.text("scope"), found = try await self.scope(of: token)
        // An answer without one says that it is what was asked for, if nothing else does.
        let asked = found == nil ? ask.parameters.first { $0.0 == "scope" }?.1 : nil
        let granted = [told ?? asked, found].compactMap { $0 }.flatMap { $0.split(separator: " ") }
        let isMore = granted.contains { $0 != IssuerDesk.scope }
        var outcome = IssuerOutcome(reply, isAccepted: isMore, otherwise: "HTTP 200 with a smaller scope")
        // Where nothing was asked for, what is given differs from it (RFC 6749 section 5.1).
        if how == "no-scope", reply.text("scope") == nil { outcome.amiss = "the answer does not tell which scope was given" }
        return IssuerPlay(outcome)
    }

    /// What the token itself is good for; nil where nobody says it.
    private func scope(of token: String) async throws -> String? {
        do { return try await description(of: token)["scope"] as? String } catch is SubjectGap { return nil }
    }

    /// - Throws: `SubjectGap` where the bed does not know what a client is registered for.
    static func known(_ value: String?, _ what: String) throws {
        if value == nil { throw SubjectGap(what: what, why: "the bed was given a client, and not told its \(what)") }
    }

    /// Requests that no client sends, and that must not end the issuer.
    private func malformed(_ how: String, _ ask: IssuerAsk, _ client: IssuerDesk.Client) async throws -> IssuerPlay {
        var ask = ask
        let secret = client.secret ?? ""
        let form = IssuerAsk("token_endpoint", ask.parameters, by: .form(client.id, secret: secret))
        func posted(_ pairs: [(String, String)]) { (ask.proof, ask.parameters) = (.nothing, ask.parameters + pairs) }
        switch how {
        case "identifier-alone": posted([("client_id", client.id)])
        case "secret-alone": posted([("client_secret", secret)])
        case "bracketed-secret": posted([("client_id", client.id), ("client_secret[]", secret), ("client_secret[a]", secret)])
        case "empty-body": (ask.proof, ask.body) = (.nothing, [])
        case "no-media-type":
            ask = form
            ask.mediaType = nil
        case "json-body":
            let members = (ask.parameters + [("client_id", client.id)]).map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
            (ask.proof, ask.mediaType) = (.nothing, "application/json")
            ask.body = Array(#"{\#(members),"client_secret":["a",{"list":null}]}"#.utf8)
        case "deep-json":
            (ask.proof, ask.mediaType) = (.nothing, "application/json")
            ask.body = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        case "large-body":
            ask.body = Array((WebForm.encode(ask.parameters) + "&filling=").utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)
        case "not-utf-8": ask.body = Array("grant_type=client_credentials&scope=".utf8) + [0xC3, 0x28, 0xFF]
        case "bad-escapes": ask.body = Array("grant_type=client_credentials&scope=%zz%4&resource=%".utf8)
        default: throw BedError("there is no token request called \(how)")
        }
        return try await self.ask(ask)
    }

    func clientAuthentication(_ how: String) async throws -> IssuerPlay {
        let client = try await desk.machine(baseline)
        let secret = client.secret ?? ""
        var ask = IssuerDesk.tokenRequest(by: client)
        switch how {
        case "header": break
        case "form":
            let methods = try await wire.readMetadata()?.members["token_endpoint_auth_methods_supported"] as? [String]
            guard methods?.contains("client_secret_post") ?? true else {
                throw SubjectGap(what: "client_secret_post", why: "the issuer's metadata does not name client_secret_post")
            }
            if let only = client.authentication, only != "client_secret_post" {
                throw SubjectGap(
                    what: "client_secret_post", why: "the issuer registers a client for one way alone, and this one for \(only)")
            }
            ask.proof = .form(client.id, secret: secret)
        case "encoded-header":
            // A name that a client has to encode before it joins it with its secret (RFC 6749 section 2.3.1).
            ask = IssuerDesk.tokenRequest(by: try await desk.machine("\(baseline):with/odd@signs"))
        case "wrong-secret": ask.proof = .header(client.id, secret: Self.guess)
        case "others-secret": ask.proof = .header(client.id, secret: try await desk.machine("bob").secret ?? "")
        case "empty-secret": ask.proof = .header(client.id, secret: "")
        case "hashed-secret":
            ask.proof = .header(client.id, secret: Self.sha256(secret))
        case "unknown-client": ask.proof = .header("nobody-of-that-name", secret: Self.guess)
        case "two-ways": ask.parameters.append(("client_secret", secret))
        case "previous-secret":
            let before = try await desk.machine("dave")
            _ = try await desk.rotate(before)
            ask = IssuerDesk.tokenRequest(by: before)
        case "retired-secret":
            let before = try await desk.machine("carol")
            let newer = try await desk.rotate(before)
            try await desk.retireSecret(of: before)
            guard try await wire.send(IssuerDesk.tokenRequest(by: newer)).token != nil else {
                throw BedError("the newer secret is not taken either")
            }
            ask = IssuerDesk.tokenRequest(by: before)
        case "disabled-client":
            let ended = try await desk.machine("ended")
            _ = try await desk.token(of: ended)
            try await desk.disable(ended)
            ask = IssuerDesk.tokenRequest(by: ended)
        case "many-guesses": return try await guesses()
        case "right-secret-from-elsewhere":
            _ = try await guesses()
            ask = IssuerDesk.tokenRequest(by: try await desk.machine("victim"))
        default: throw BedError("there is no client authentication called \(how)")
        }
        return try await self.ask(ask)
    }

    private static let guess = "a-guess-of-somebody-who-does-not-know-it"

    /// So many wrong secrets for one client, from another address of this machine: how many were looked at?
    private func guesses() async throws -> IssuerPlay {
        let victim = try await desk.machine("victim")
        var last: IssuerReply?
        var looked = 0
        for number in 0..<40 {
            var ask = IssuerDesk.tokenRequest(by: victim)
            (ask.proof, ask.source) = (.header(victim.id, secret: "\(Self.guess)-\(number)"), "127.0.0.2")
            let reply = try await wire.send(ask)
            if reply.status != 429, reply.status != nil { looked += 1 }
            last = reply
        }
        guard let last else { return IssuerPlay() }
        return IssuerPlay(IssuerOutcome(token: last), counts: ["guesses": looked])
    }

    private static func sha256(_ text: String) -> String { ContentDigest.hex(of: Array(text.utf8)) }
}

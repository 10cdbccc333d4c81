import Forging
import Foundation
import Probing
import Trace

/// What an issuer gives out, looked at: the answer that brings a token, the token itself, and the answers of its pages.
extension IssuerStimulusMaker {
    func issued(_ how: String) async throws -> IssuerPlay {
        switch how {
        case "state", "issuer": return try await answers(how)
        case "announced-issuer": return try await announcement()
        case "see-other", "framing": return try await pages(how)
        case "new-refresh-tokens": return try await generations()
        case "identifiers": return try await identifiers()
        case "rotated-key": return try await rotatedKey()
        default: break
        }
        let client = try await desk.machine(baseline)
        let reply = try await wire.send(IssuerDesk.tokenRequest(by: client))
        guard let token = reply.token else { return IssuerPlay(IssuerOutcome(token: reply)) }
        var outcome = IssuerOutcome(token: reply)
        outcome.amiss =
            switch how {
            case "members": Self.members(reply)
            case "no-refresh-token":
                reply.text("refresh_token").map { _ in "a client that acts for itself is given a refresh token" }
            case "scope": try await scope(reply, token)
            case "lifetime": try await lifetime(reply, token)
            default: try await claims(how, token)
            }
        return IssuerPlay(outcome)
    }

    /// RFC 6749 section 5.1.
    private static func members(_ reply: IssuerReply) -> String? {
        let type = reply.headers.value("Content-Type") ?? ""
        if !type.lowercased().hasPrefix("application/json") { return "the answer's type is \(type.isEmpty ? "not said" : type)" }
        if reply.text("token_type")?.lowercased() != "bearer" { return "token_type is not Bearer" }
        return reply.members["expires_in"] is NSNumber ? nil : "expires_in is not a number"
    }

    /// What the issuer says of a token: in it, or when it is asked.
    func description(of token: String) async throws -> [String: Any] {
        if let claims = AccessTokenClaims(token) { return claims.members }
        return try await wire.send(IssuerDesk.introspection(of: token, by: try await desk.asker())).members
    }

    private func scope(_ reply: IssuerReply, _ token: String) async throws -> String? {
        let told = reply.text("scope") ?? IssuerDesk.scope
        if reply.text("scope") == nil { try Self.known(try await desk.machine(baseline).scope, "scope") }
        guard let found = try await description(of: token)["scope"] as? String else { return "the token says nothing of its scope" }
        return Set(found.split(separator: " ")) == Set(told.split(separator: " "))
            ? nil : "the answer tells of the scope \(told), and the token has \(found)"
    }

    /// Not longer than an hour, and as long as it is said.
    private func lifetime(_ reply: IssuerReply, _ token: String) async throws -> String? {
        guard let told = (reply.members["expires_in"] as? NSNumber)?.doubleValue else { return "the answer tells of no lifetime" }
        if told > 3600 { return "the token lives \(Int(told)) s, more than an hour" }
        let description = try await description(of: token)
        guard let end = (description["exp"] as? NSNumber)?.doubleValue, let begin = (description["iat"] as? NSNumber)?.doubleValue else {
            return "the token does not say when it ends"
        }
        return abs(end - begin - told) <= 1 ? nil : "the answer tells of \(Int(told)) s, and the token lives \(Int(end - begin)) s"
    }

    private func claims(_ how: String, _ token: String) async throws -> String? {
        guard let claims = AccessTokenClaims(token) else {
            throw SubjectGap(what: "signed tokens", why: "the issuer's tokens are not JWTs")
        }
        let algorithm = claims.header["alg"] as? String ?? ""
        switch how {
        case "type":
            let type = (claims.header["typ"] as? String ?? "").lowercased()
            return ["at+jwt", "application/at+jwt"].contains(type) ? nil : "typ is \(type.isEmpty ? "absent" : type), wanted at+jwt"
        case "algorithm":
            return algorithm.lowercased() == "none" || algorithm.hasPrefix("HS") || algorithm.isEmpty
                ? "alg is \(algorithm.isEmpty ? "absent" : algorithm), which is not a public key's" : nil
        case "weak-key":
            guard algorithm.hasPrefix("HS") else { return nil }
            return WeakSecrets.all.first(where: claims.reading.isSigned).map { _ in "the signature's secret is one that anybody guesses" }
        case "signature": return try await signature(claims, algorithm)
        case "claims":
            let absent = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"].filter { claims.members[$0] == nil }
            if !absent.isEmpty { return "without \(absent.joined(separator: ", "))" }
            return claims.text("iss") == wire.world.issuerURL ? nil : "iss is not the issuer"
        case "audience": return try await audience(claims)
        default: throw BedError("nothing called \(how) is looked at")
        }
    }

    private func signature(_ claims: AccessTokenClaims, _ algorithm: String) async throws -> String? {
        let name = claims.header["kid"] as? String
        let keys = try await keySet()
        guard let key = keys.first(where: { $0["kid"] as? String == name }) else { return "the token names no key of the key set" }
        switch claims.reading.isSigned(by: key.compactMapValues { $0 as? String }, algorithm: algorithm) {
        case true?: return nil
        case false?: return "the key that the token names did not sign it"
        case nil: throw SubjectGap(what: algorithm, why: "the bed cannot verify signatures of the algorithm \(algorithm)")
        }
    }

    /// The resource that was asked for, and no other (RFC 8707 section 2): of each of two.
    private func audience(_ claims: AccessTokenClaims) async throws -> String? {
        let client = try await desk.machine(baseline)
        try Self.known(client.resource, "resources")
        var ask = IssuerDesk.tokenRequest(by: client)
        ask.set("resource", IssuerDesk.otherResource)
        guard let token = try await wire.send(ask).token, let others = AccessTokenClaims(token) else {
            return "no token is given for the other of the client's two resources"
        }
        for (claims, wanted) in [(claims, IssuerDesk.resource), (others, IssuerDesk.otherResource)] {
            let audience = claims.members["aud"]
            let named = audience as? [String] ?? (audience as? String).map { [$0] } ?? []
            if named != [wanted] { return "aud is \(named.isEmpty ? "absent" : named.joined(separator: " and ")), wanted \(wanted)" }
        }
        return nil
    }

    /// What signs after the operator has made a new key must be known wherever the key set was read as lately as it had to be.
    private func rotatedKey() async throws -> IssuerPlay {
        let client = try await desk.machine(baseline)
        let address = try await wire.endpoint("jwks_uri")
        let before = await wire.get(address)
        try await desk.renewSigningKey()
        let reply = try await wire.send(IssuerDesk.tokenRequest(by: client))
        guard let token = reply.token else { return IssuerPlay(IssuerOutcome(token: reply)) }
        guard let claims = AccessTokenClaims(token) else {
            throw SubjectGap(what: "signed tokens", why: "the issuer's tokens are not JWTs")
        }
        var outcome = IssuerOutcome(token: reply)
        func names(_ reply: IssuerReply) -> Set<String> { Set(Self.keys(in: reply).compactMap { $0["kid"] as? String }) }
        let name = claims.header["kid"] as? String ?? ""
        let after = names(await wire.get(address))
        let kept = Self.freshness(before.headers.value("Cache-Control") ?? "")
        if !after.isSuperset(of: names(before)) { outcome.amiss = "the key set has lost a key whose tokens are good still" }
        if !after.contains(name) { outcome.amiss = "a token names a key that is not published" }
        if !names(before).contains(name), kept > 0 {
            outcome.amiss = "a key signs at once that whoever keeps the key set for its \(kept) s does not have"
        }
        return IssuerPlay(outcome)
    }

    /// For how many seconds an answer may be kept (RFC 9111 section 5.2.2); 0 where it must be asked for anew.
    private static func freshness(_ cacheControl: String) -> Int {
        let directives = cacheControl.lowercased().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if directives.contains("no-cache") || directives.contains("no-store") { return 0 }
        return directives.lazy.compactMap { $0.hasPrefix("max-age=") ? Int($0.dropFirst(8)) : nil }.first ?? 0
    }

    /// Whether no two tokens have the same name (RFC 9068 section 2.2).
    private func identifiers() async throws -> IssuerPlay {
        let ask = IssuerDesk.tokenRequest(by: try await desk.machine(baseline))
        let replies = try await wire.send(ask, atOnce: 8) + (try await wire.send(ask, atOnce: 8))
        guard let last = replies.last else { return IssuerPlay() }
        var outcome = IssuerOutcome(token: last)
        let tokens = replies.compactMap(\.token)
        let claims = tokens.compactMap(AccessTokenClaims.init)
        let names = claims.isEmpty ? tokens : claims.compactMap { $0.text("jti") }
        if Set(names).count != tokens.count { outcome.amiss = "\(tokens.count) tokens have \(Set(names).count) names" }
        return IssuerPlay(outcome)
    }

    /// A new refresh token each time (RFC 9700 section 4.14.2).
    private func generations() async throws -> IssuerPlay {
        let app = try await desk.app()
        var tokens = [try await desk.tokens(for: app).refresh]
        var last: IssuerReply?
        for _ in 0..<5 {
            let reply = try await wire.send(IssuerDesk.refreshment(of: tokens.last ?? "", by: app))
            guard reply.token != nil else { return IssuerPlay(IssuerOutcome(token: reply)) }
            tokens.append(reply.text("refresh_token") ?? tokens.last ?? "")
            last = reply
        }
        guard let last else { return IssuerPlay() }
        var outcome = IssuerOutcome(token: last)
        if Set(tokens).count != tokens.count {
            outcome.amiss = "\(tokens.count - 1) refreshes brought \(Set(tokens).count - 1) new refresh tokens"
        }
        return IssuerPlay(outcome)
    }

    /// What a browser brings back to a client, with a code and with an error.
    private func answers(_ how: String) async throws -> IssuerPlay {
        let app = try await desk.app()
        var wrong = AuthorizationAsk(app)
        wrong.set("response_type", "token")
        var outcomes: [IssuerOutcome] = []
        for ask in [AuthorizationAsk(app), wrong] {
            let path = try await desk.authorize(ask)
            guard case .answer(let location) = path.end, let last = path.steps.last else {
                throw BedError("the issuer sends the browser back with nothing")
            }
            let request = ProbeRequest(method: "GET", url: path.start, headers: [], body: [])
            var outcome = IssuerOutcome(IssuerReply(request: request, answer: last.answer), .accepted)
            let value = WebForm.value(how == "state" ? "state" : "iss", in: location)
            let wanted = how == "state" ? AuthorizationAsk.state : wire.world.issuerURL
            if value != wanted {
                outcome.amiss = "\(how == "state" ? "state" : "iss") is \(value.map { "'\($0)'" } ?? "absent"), wanted '\(wanted ?? "")'"
            }
            outcomes.append(outcome)
        }
        var played = IssuerPlay()
        played.outcomes = outcomes
        return played
    }

    /// Whether an issuer that names itself in its answers has said that it does (RFC 9207 section 3): who was not told takes an answer
    /// without a name for one of its own.
    private func announcement() async throws -> IssuerPlay {
        let path = try await desk.authorize(AuthorizationAsk(try await desk.app()))
        guard case .answer(let location) = path.end, let metadata = try await wire.readMetadata() else {
            throw BedError("the issuer sends the browser back with nothing")
        }
        var outcome = IssuerOutcome(metadata, .accepted)
        let member = "authorization_response_iss_parameter_supported"
        if WebForm.value("iss", in: location) != nil, metadata.members[member] as? Bool != true {
            outcome.amiss = "its answers name the issuer, and its metadata does not say so (\(member))"
        }
        return IssuerPlay(outcome)
    }

    /// What the pages for users are sent with, to a browser in which nobody has signed in.
    private func pages(_ how: String) async throws -> IssuerPlay {
        let path = try await desk.authorize(AuthorizationAsk(try await desk.app()), anew: true)
        guard let last = path.steps.last else { return IssuerPlay() }
        let request = ProbeRequest(method: "GET", url: path.start, headers: [], body: [])
        var outcome = IssuerOutcome(IssuerReply(request: request, answer: last.answer), .accepted)
        for step in path.steps {
            let policy = (step.headers.value("Content-Security-Policy") ?? "").lowercased()
            let framed = step.status == 200 && step.headers.value("X-Frame-Options") == nil && !policy.contains("frame-ancestors")
            if how == "framing", framed { outcome.amiss = "the page at \(step.place) may be framed by anybody" }
            if how == "see-other", step.wasForm, [307, 308].contains(step.status) {
                outcome.amiss = "HTTP \(step.status) answers a form, so that a browser sends it on"
            }
        }
        return IssuerPlay(outcome)
    }
}

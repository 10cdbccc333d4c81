import Foundation
import Probing
import Scenarios
import Trace

/// Clients that nobody vouches for: they register themselves (RFC 7591), or are known by a document at a URL.
extension IssuerStimulusMaker {
    func registration(_ how: String) async throws -> IssuerPlay {
        let endpoint = try await wire.endpoint("registration_endpoint")
        let redirects = [
            "script-redirect": "javascript:alert(1)", "http-redirect": "http://app.example/callback",
            "fragment-redirect": "https://app.example/callback#part", "wildcard-redirect": "https://*.app.example/callback",
        ]
        let scope = how == "other-scope" ? "admin" : nil
        let text = Self.metadata(redirect: redirects[how] ?? IssuerDesk.siteRedirect, scope: scope)
        guard how == "many" else {
            let reply = await wire.post(json: text, to: endpoint)
            // A scope may be left out in the answer instead (RFC 7591 section 3.2.1).
            let isGranted = scope.map { reply.text("scope").map { $0.contains("admin") } ?? ($0 == "admin") } ?? true
            return IssuerPlay(IssuerOutcome(reply, isAccepted: reply.status == 201 && isGranted))
        }
        if wire.world.issuer.isAttached {
            throw SubjectGap(what: how, why: "\(wire.world.issuer.id) was not started by the bed, and would be left with so many clients")
        }
        return IssuerPlay(try await registerOn(text, at: endpoint))
    }

    /// How many may register in a row beside one a second, and for how many seconds that is tried.
    private static let (burst, patience) = (128, 60.0)

    /// Registers client after client until one is turned away, or until they are too many for an issuer that slows down whoever does so.
    ///
    /// - Throws: `BedError` where the machine is so slow that neither comes to pass.
    private func registerOn(_ text: String, at endpoint: String) async throws -> IssuerOutcome {
        let start = ContinuousClock.now
        var accepted = 0
        while true {
            try Task.checkCancellation()
            let reply = await wire.post(json: text, to: endpoint)
            guard reply.status == 201 else { return IssuerOutcome(reply, isAccepted: false) }
            accepted += 1
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if accepted > Self.burst + Int(seconds) { return IssuerOutcome(reply, isAccepted: true) }
            if seconds > Self.patience { throw BedError("\(accepted) registrations took so long that nobody had to slow them down") }
        }
    }

    private static func metadata(redirect: String, scope: String?) -> String {
        var members = [
            #""client_name":"An app that registers itself""#, #""redirect_uris":["\#(redirect)"]"#,
            #""grant_types":["authorization_code","refresh_token"]"#, #""response_types":["code"]"#,
            #""token_endpoint_auth_method":"client_secret_basic""#,
        ]
        if let scope { members.append(#""scope":"\#(scope)""#) }
        return "{\(members.joined(separator: ","))}"
    }

    func clientDocument(_ how: String) async throws -> IssuerPlay {
        guard let metadata = try await wire.readMetadata(), metadata.members["client_id_metadata_document_supported"] as? Bool == true
        else {
            throw SubjectGap(what: "client documents", why: "the issuer's metadata does not say that it takes documents of clients")
        }
        let word = ["unlisted-redirect": "right", "private-address": "right"][how] ?? how
        let client = IssuerDesk.Client(id: documents.identifier(word), secret: nil, redirectURI: IssuerDesk.appRedirect)
        var ask = AuthorizationAsk(client)
        if how == "unlisted-redirect" { ask.set("redirect_uri", "http://127.0.0.1/other") }
        let before = documents.requests
        let outcome = Self.outcome(try await desk.authorize(ask), of: ask, registered: IssuerDesk.appRedirect)
        return IssuerPlay(outcome, counts: ["private-requests": documents.requests - before])
    }
}

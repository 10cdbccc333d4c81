import Foundation
import Probing
import Trace

/// Requests that a browser brings to the authorization endpoint (RFC 6749 section 4.1.1).
extension IssuerStimulusMaker {
    func authorization(_ how: String) async throws -> IssuerPlay {
        let isAboutApps = ["right", "no-challenge", "plain", "no-method", "implicit"].contains(how) || how.hasPrefix("loopback")
        let client =
            isAboutApps ? try await desk.app() : how == "disabled-client" ? try await desk.app("ended-desk") : try await desk.site()
        var ask = AuthorizationAsk(client)
        let registered = client.redirectURI ?? ""
        switch how {
        case "right": break
        case "loopback-port": ask.set("redirect_uri", "http://127.0.0.1:49152/callback")
        // What somebody lets in who looks for the port too generously.
        case "loopback-other-host": ask.set("redirect_uri", "http://127.0.0.1.attacker.example/callback")
        case "loopback-user": ask.set("redirect_uri", "http://127.0.0.1:49152@attacker.example/callback")
        case "loopback-other-path": ask.set("redirect_uri", "http://127.0.0.1:49152/other")
        case "no-challenge", "no-challenge-confidential":
            ask.set("code_challenge", nil)
            ask.set("code_challenge_method", nil)
        case "plain":
            ask.set("code_challenge", ask.verifier)
            ask.set("code_challenge_method", "plain")
        case "no-method":
            ask.set("code_challenge", ask.verifier)
            ask.set("code_challenge_method", nil)
        case "implicit": ask.set("response_type", "token")
        case "disabled-client":
            _ = try await desk.code(for: client)
            try await desk.disable(client)
        case "error-to-other-address":
            // Two faults for once: an error is what could be sent to an address that nobody looked at.
            ask.set("redirect_uri", "https://attacker.example/callback")
            ask.set("response_type", "token")
        default: ask.set("redirect_uri", try Self.redirect(how, registered))
        }
        return IssuerPlay(Self.outcome(try await desk.authorize(ask), of: ask, registered: registered, anyPort: how == "loopback-port"))
    }

    /// An address that is almost the registered one, `https://app.example/callback`.
    private static func redirect(_ how: String, _ registered: String) throws -> String {
        switch how {
        case "redirect-suffix": registered + "/more"
        case "redirect-query": registered + "?a=b"
        case "redirect-other-host": "https://app.example.attacker.example/callback"
        case "redirect-user": "https://app.example@attacker.example/callback"
        case "redirect-dots": "https://app.example/x/..%2fcallback"
        case "redirect-upper-case": "https://app.example/CALLBACK"
        case "redirect-fragment": registered + "#part"
        case "redirect-http": "http://app.example/callback"
        case "redirect-other-port": "https://app.example:8443/callback"
        case "redirect-slash": "https://app.example//attacker.example/callback"
        default: throw BedError("there is no authorization request called \(how)")
        }
    }

    /// Accepted is a request that brought a code, or that led somebody's browser where nobody registered.
    static func outcome(_ path: WalkedPath, of ask: AuthorizationAsk, registered: String, anyPort: Bool = false) -> IssuerOutcome {
        let last = path.steps.last
        let reply = IssuerReply(
            request: ProbeRequest(method: "GET", url: "\(path.start)?\(ask.query)", headers: [], body: []),
            answer: last?.answer ?? ProbeAnswer(outcome: .dropped("no answer"), beginNanoseconds: 0, endNanoseconds: 0))
        switch path.end {
        case .answer(let location):
            let place = String(location.prefix { $0 != "?" && $0 != "#" })
            let isRegistered = place == registered.prefix { $0 != "?" && $0 != "#" } && !location.contains("#")
            if WebForm.value("code", in: location) != nil {
                return IssuerOutcome(reply, .accepted, face: "a code was sent to \(place)")
            }
            guard isRegistered || anyPort else { return IssuerOutcome(reply, .accepted, face: "the browser was led to \(place)") }
            let error = WebForm.value("error", in: location)
            return IssuerOutcome(reply, .refused, face: "sent back with \(error ?? "no error")", error: error)
        case .elsewhere(let place): return IssuerOutcome(reply, .accepted, face: "the browser was led to \(place)")
        case .page(let status, let title, _): return IssuerOutcome(reply, .refused, face: "HTTP \(status)\(title)")
        }
    }
}

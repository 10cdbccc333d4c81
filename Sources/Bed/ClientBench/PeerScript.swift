import Forging
import Foundation
import Probing
import Scenarios
import Synchronization

/// What the bed answers around a client under test, as the server, as the issuer, and as somebody elsewhere; and what it remembers.
final class PeerScript: Sendable {
    /// Where everybody is.
    struct Origins: Sendable {
        var server = ""
        var issuer = ""
        /// Another host's TLS, and another one's plain text: nobody that the client was told of.
        var elsewhere = ""
        var plain = ""

        /// The same by an address that means this machine to itself, and nothing to anybody else (RFC 6890 section 2.2.2).
        var nearby: String { elsewhere.replacingOccurrences(of: Surroundings.host, with: "0.0.0.0") }
        /// The same as those who resolve it read it (inet_aton(3)), and as hardly anybody writes it.
        var nearbyByNumber: String { elsewhere.replacingOccurrences(of: Surroundings.host, with: "0x0") }

        var resource: String { server + "/mcp" }
    }

    struct State {
        var origins = Origins()
        var change: PeerChange?
        /// The certificate that callers must show; nil where none is asked for.
        var wanted: String?
        var tokens: Set<String> = []
        /// The challenge and the redirection endpoint that each code is good with.
        var codes: [String: (challenge: String, redirectURI: String)] = [:]
        /// Every challenge and state that clients have used.
        var used: Set<String> = []
        var hasRefused = false
        /// When a caller was last asked to wait, in nanoseconds.
        var askedToWait: Int64?
        var counts: [String: Int] = [:]

        /// Notes which scopes somebody asks for who was told that a call needs another one beside those that he has.
        mutating func noteScopes(_ text: String?) {
            guard change == PeerChange(part: .server, how: "403-once"), hasRefused else { return }
            let asked = Set((text ?? "").split(separator: " ").map(String.init))
            if !asked.isSuperset(of: [PeerScript.scope, PeerScript.further]) { counts["forgotten-scopes", default: 0] += 1 }
        }
    }

    let state = Mutex(State())
    let credential: Credential
    let usesTokens: Bool

    /// What the server's challenge asks for, and what there is besides.
    static let scope = "mcp:read"
    static let scopes = ["mcp:read", "mcp:write", "mcp:execute"]
    /// What a call needs beside the one, where that is found out late.
    static let further = "mcp:write"

    init(credential: Credential, usesTokens: Bool) {
        (self.credential, self.usesTokens) = (credential, usesTokens)
    }

    var origins: Origins { state.withLock { $0.origins } }

    func how(_ part: PeerChange.Part) -> String? { state.withLock { $0.change?.part == part ? $0.change?.how : nil } }

    func count(_ name: String) { state.withLock { $0.counts[name, default: 0] += 1 } }

    /// Everything that must not be seen anywhere but where it belongs.
    var secrets: [String] { credential.secrets + state.withLock { Array($0.tokens) + Array($0.codes.keys) } }

    /// Whether a request tells one of them, in whatever form.
    func reveals(_ request: PeerRequest) -> Bool {
        let text = request.text + "\n" + (Self.basic(request).map { "\($0.id):\($0.secret)" } ?? "")
        let plain = text + (text.removingPercentEncoding ?? "")
        return secrets.contains(where: plain.contains)
    }

    /// The pair of an `Authorization` field of RFC 7617, decoded as RFC 6749 section 2.3.1 has it.
    static func basic(_ request: PeerRequest) -> (id: String, secret: String)? {
        guard let value = request.headers.value("Authorization"), value.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(value.dropFirst(6)))
        else { return nil }
        let halves = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        return (halves[0].removingPercentEncoding ?? String(halves[0]), halves[1].removingPercentEncoding ?? String(halves[1]))
    }

    // MARK: The server

    func server(_ request: PeerRequest, _ visit: PeerVisit) -> PeerReply {
        let wellKnown = "/.well-known/oauth-protected-resource"
        if usesTokens, request.path.hasPrefix(wellKnown) { return resourceMetadata(String(request.path.dropFirst(wellKnown.count))) }
        guard isAuthorized(request, visit) else { return unauthorized() }
        let bearer = request.headers.value("Authorization").map { String($0.dropFirst("Bearer ".count)) } ?? ""
        guard let how = how(.server), PeerServer.method(of: request)?.hasPrefix("tools/") ?? false else {
            return PeerServer.answer(request)
        }
        switch how {
        case "401-once", "401-always":
            let refuses = state.withLock { state in
                defer { state.hasRefused = true }
                let refuses = how == "401-always" || !state.hasRefused
                if refuses { state.tokens.remove(bearer) }
                return refuses
            }
            return refuses ? unauthorized(error: "invalid_token") : PeerServer.answer(request)
        case "403-once":
            let refuses = state.withLock { state in
                defer { state.hasRefused = true }
                return !state.hasRefused
            }
            // What is granted already is not named again, which is left to the server (MCP Authorization, Runtime Insufficient Scope).
            return refuses ? insufficient(Self.further) : PeerServer.answer(request)
        case "403-always": return insufficient("mcp:read mcp:admin")
        case "redirect-to-plain": return .status(307, [ProbeHeader(name: "Location", value: origins.plain + "/mcp")])
        case let how where how.hasPrefix("redirect-"):
            return .status(Int(how.suffix(3)) ?? 307, [ProbeHeader(name: "Location", value: origins.elsewhere + "/mcp")])
        case "asks-to-wait": return waiting(429) ?? PeerServer.answer(request)
        case "hangs": return .silence
        case "half-answers": return .half
        default: return PeerServer.answer(request)
        }
    }

    func isAuthorized(_ request: PeerRequest, _ visit: PeerVisit) -> Bool {
        if let wanted = state.withLock({ $0.wanted }), visit.thumbprint != wanted { return false }
        let values = request.headers.filter { $0.isNamed("Authorization") }.map(\.value)
        if usesTokens { return values.count == 1 && state.withLock { $0.tokens.contains(String(values[0].dropFirst("Bearer ".count))) } }
        return credential.authorization.map { values == [$0] } ?? true
    }

    private var metadataURL: String {
        let origins = origins
        return (how(.metadata) == "elsewhere" ? origins.elsewhere : origins.server) + "/.well-known/oauth-protected-resource/mcp"
    }

    private func unauthorized(error: String? = nil) -> PeerReply {
        var challenge = "Bearer"
        if usesTokens {
            var parameters = [#"scope="\#(Self.scope)""#]
            if let error { parameters.append(#"error="\#(error)""#) }
            if !["no-pointer", "another-at-the-root", "root-only"].contains(how(.metadata) ?? "") {
                parameters.append(#"resource_metadata="\#(metadataURL)""#)
            }
            challenge += " " + parameters.joined(separator: ", ")
        }
        return .json(401, #"{"error":"unauthorized"}"#, [ProbeHeader(name: "WWW-Authenticate", value: challenge)])
    }

    private func insufficient(_ scope: String) -> PeerReply {
        let challenge = #"Bearer error="insufficient_scope", scope="\#(scope)", resource_metadata="\#(metadataURL)""#
        return .json(403, #"{"error":"insufficient_scope"}"#, [ProbeHeader(name: "WWW-Authenticate", value: challenge)])
    }

    /// A refusal of the first request, and of those that come before they were asked to (RFC 9110 section 10.2.3).
    func waiting(_ status: Int) -> PeerReply? {
        let refuses = state.withLock { state in
            let now = MonotonicClock.nanoseconds()
            if let asked = state.askedToWait {
                guard now - asked < 1_000_000_000 else { return false }
                state.counts["hasty-requests", default: 0] += 1
            }
            state.askedToWait = now
            return true
        }
        return refuses ? .json(status, #"{"error":"slow_down"}"#, [ProbeHeader(name: "Retry-After", value: "1")]) : nil
    }

    /// Protected resource metadata (RFC 9728 section 2).
    ///
    /// - Parameter path: What stands behind the well-known part.
    func resourceMetadata(_ path: String) -> PeerReply {
        let (origins, how) = (origins, how(.metadata))
        // Another resource's of the same host, and a stranger's issuer: for whoever looks here first.
        if path.isEmpty, how == "another-at-the-root" {
            return .json(200, #"{"resource":"\#(origins.server)/other","authorization_servers":["\#(origins.elsewhere)"]}"#)
        }
        guard path == "/mcp" && how != "root-only" || path.isEmpty && how == "root-only" else { return .status(404) }
        var issuer = origins.issuer
        if Self.withPath.contains(how ?? "") { issuer += "/tenant" }
        if how == "other-issuer-later" { issuer = origins.elsewhere }
        if how == "issuer-nearby" { issuer = origins.nearby }
        if how == "issuer-nearby-by-number" { issuer = origins.nearbyByNumber }
        let resource = how == "other-resource" ? "https://other.example/mcp" : origins.resource
        let servers = how == "no-issuers" ? "" : #","authorization_servers":["\#(issuer)"]"#
        let scopes = Self.scopes.map { "\"\($0)\"" }.joined(separator: ",")
        return .json(
            200, #"{"resource":"\#(resource)"\#(servers),"scopes_supported":[\#(scopes)],"bearer_methods_supported":["header"]}"#)
    }

    // MARK: Somebody elsewhere

    /// Whoever a client was lured to: plays everything, and takes what it gets.
    func elsewhere(_ request: PeerRequest, origin: String) -> PeerReply {
        switch request.path {
        case let path where path.hasPrefix("/.well-known/oauth-protected-resource"):
            return .json(200, #"{"resource":"\#(origins.resource)","authorization_servers":["\#(origin)"]}"#)
        case let path where path.hasPrefix("/.well-known/"): return .json(200, issuerMetadata(origin, name: origin))
        case "/token": return .json(200, #"{"access_token":"\#(newToken())","token_type":"Bearer","expires_in":3600}"#)
        default: return PeerServer.answer(request)
        }
    }

    func newToken() -> String {
        let token = TokenForge.randomIdentifier() + TokenForge.randomIdentifier()
        state.withLock { _ = $0.tokens.insert(token) }
        return token
    }
}

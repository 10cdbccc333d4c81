import Foundation
import Probing
import Scenarios
import Synchronization

/// Talks to the issuer under test as clients and resource servers do, and remembers what must not be seen in a trace.
final class IssuerWire: Sendable {
    let world: CellWorld
    /// In plain and as they look in a form, the longest first.
    private let secrets = Mutex<[String]>([])
    private let metadata = Mutex<[String: String]>([:])
    private let silence = Mutex(false)
    private let requests = Mutex<[String]>([])

    init(world: CellWorld) { self.world = world }

    /// - Throws: `SubjectGap` where its metadata names no such endpoint, `BedError` where it has none.
    func endpoint(_ name: String) async throws -> String {
        if metadata.withLock({ $0.isEmpty }) {
            guard let document = try await readMetadata() else { throw BedError("the issuer's metadata could not be read") }
            metadata.withLock { $0 = document.members.compactMapValues { $0 as? String } }
        }
        guard let url = metadata.withLock({ $0[name] }) else { throw SubjectGap(what: name, why: "the issuer's metadata names no \(name)") }
        return url
    }

    /// Its metadata, from the first of the places where clients look that has it.
    ///
    /// - Throws: `BedError` when the issuer gives no answer at all: at the next place one would only wait again.
    func readMetadata() async throws -> IssuerReply? {
        for place in try metadataPlaces {
            let reply = await get(place)
            if case .dropped(let why) = reply.answer.outcome { throw BedError("the issuer does not answer: \(why)") }
            if reply.status == 200, !reply.members.isEmpty { return reply }
        }
        return nil
    }

    /// RFC 8414 sections 3.1 and 5, and OpenID Connect Discovery section 4.
    private var metadataPlaces: [String] {
        get throws {
            guard let issuer = world.issuerURL, var parts = URLComponents(string: issuer) else { throw BedError("no issuer is running") }
            let path = parts.path == "/" ? "" : parts.path
            parts.path = ""
            let origin = parts.string ?? issuer
            return [
                "\(origin)/.well-known/oauth-authorization-server\(path)", "\(origin)/.well-known/openid-configuration\(path)",
                "\(origin)\(path)/.well-known/openid-configuration",
            ]
        }
    }

    func send(_ ask: IssuerAsk) async throws -> IssuerReply {
        note(ask)
        return await send(ask.request(to: try await endpoint(ask.endpoint)))
    }

    /// The same request so many times, each over a connection of its own, as close together as the machine can.
    func send(_ ask: IssuerAsk, atOnce times: Int) async throws -> [IssuerReply] {
        note(ask)
        let request = ask.request(to: try await endpoint(ask.endpoint))
        return await withTaskGroup(of: IssuerReply.self) { group in
            for _ in 0..<times { group.addTask { await self.send(request) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    func get(_ url: String) async -> IssuerReply {
        await send(ProbeRequest(method: "GET", url: url, headers: [ProbeHeader(name: "Accept", value: "application/json")], body: []))
    }

    func post(json: String, to url: String) async -> IssuerReply {
        await send(
            ProbeRequest(
                method: "POST", url: url, headers: [ProbeHeader(name: "Content-Type", value: "application/json")], body: Array(json.utf8)))
    }

    private func send(_ request: ProbeRequest) async -> IssuerReply {
        let answer = await Probe(ca: world.issuer.ca ?? world.pki.ca, identity: nil).send(request, over: .newConnection)
        let reply = IssuerReply(request: request, answer: answer)
        silence.withLock { $0 = reply.status == nil }
        note(reply.headers)
        for name in ["access_token", "refresh_token", "client_secret", "registration_access_token"] { remember(reply.text(name)) }
        return reply
    }

    /// Notes how the issuer calls a request that it has answered.
    func note(_ headers: [ProbeHeader]) {
        guard let id = headers.value("X-Request-Id") else { return }
        requests.withLock { $0.append(id) }
    }

    /// What was noted since this was last called.
    func takeRequests() -> [String] {
        requests.withLock { requests in
            defer { requests = [] }
            return requests
        }
    }

    private func note(_ ask: IssuerAsk) {
        for (name, value) in ask.parameters where ["code", "code_verifier", "refresh_token", "token", "client_secret"].contains(name) {
            remember(value)
        }
        switch ask.proof {
        case .header(_, let secret), .form(_, let secret), .assertion(let secret): remember(secret)
        case .nothing, .name: break
        }
    }

    /// Whether the last request got no answer.
    var isSilent: Bool { silence.withLock { $0 } }

    func remember(_ secret: String?) {
        guard let secret, secret.utf8.count > 7 else { return }
        secrets.withLock { known in
            for text in [secret, WebForm.escape(secret)] where !known.contains(text) {
                known.insert(text, at: known.firstIndex { $0.utf8.count < text.utf8.count } ?? known.endIndex)
            }
        }
    }

    /// What may be seen of a text: nothing that is secret, in plain or in a form.
    func redacted(_ text: String) -> String {
        Redaction.apply(text, secrets: secrets.withLock { $0 })
            .split(separator: "\n", omittingEmptySubsequences: false).map { line in
                let name = line.prefix { $0 != ":" }
                return ["cookie", "set-cookie"].contains(name.prefix(11).lowercased()) ? "\(name): …" : String(line)
            }.joined(separator: "\n")
    }
}

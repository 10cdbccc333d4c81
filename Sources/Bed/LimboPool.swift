import Forging
import Foundation
import Probing

/// The chains after x509-limbo that a cell presents. The server trusts the anchors of all of them at once: no two cases have an
/// authority's name or key in common, so that none leads to another's, and what is not presented need not be there.
struct LimboPool: Sendable {
    private let folder: String
    private let results: [String: LimboSuite.Result]

    /// - Parameters:
    ///   - now: Seconds since 1970.
    ///   - ids: Those that are presented.
    init(into folder: String, now: Double, _ ids: [String]) throws {
        self.folder = folder
        let results = try LimboSuite(now: now).write(into: folder, Set(ids))
        self.results = Dictionary(uniqueKeysWithValues: results.map { ($0.id, $0) })
    }

    func chain(_ id: String) throws -> ClientIdentity {
        let place = try place(id)
        return ClientIdentity(certificate: "\(place)/chain.pem", key: "\(place)/leaf.key")
    }

    /// What the subjects' clock shows where the case is about a moment, in seconds since 1970.
    func moment(_ id: String) throws -> Int? {
        _ = try place(id)
        return results[id]?.time
    }

    /// PEM of the anchors of those cases.
    func anchors(_ ids: [String]) throws -> String {
        try ids.map { try String(contentsOfFile: "\(try place($0))/trusted.pem", encoding: .utf8) }.joined()
    }

    /// PEM of the revocation lists of those cases.
    func lists(_ ids: [String]) throws -> String {
        try ids.filter { results[$0]?.hasLists == true }
            .map { try String(contentsOfFile: "\(try place($0))/lists.pem", encoding: .utf8) }.joined()
    }

    /// The entry of the allow-list for a case: its name counts from its own issuer alone.
    func client(_ id: String, scopes: [String]) -> ServerDocument.Client? {
        guard let result = results[id] else { return nil }
        var client = ServerDocument.Client(principal: Self.principal, scopes: scopes)
        client.issuer = result.issuer.isEmpty ? "" : "CN=\(result.issuer)"
        switch result.nameKind {
        case "email": client.email = result.name
        case "ip": client.ip = result.name
        default: client.dns = result.name
        }
        return client
    }

    /// What all of them are called.
    static let principal = "limbo"

    private func place(_ id: String) throws -> String {
        guard results[id] != nil else { throw BedError("there is no case '\(id)' after x509-limbo") }
        return "\(folder)/\(LimboSuite.folder(id))"
    }
}

import Foundation

/// What somebody who runs a scheme has to set up and to guard, counted in what this cell was made of.
package struct Effort: Sendable, Hashable {
    /// Values in the configuration documents of the server and the issuer.
    var configurationItems: Int
    /// Those that have to run: the server, an issuer, a responder.
    var processes: Int
    /// Values that let somebody be impersonated for as long as nobody replaces them: private keys and secrets that the documents
    /// name, the issuer's signing key, the authority's key where callers show certificates, and what the caller keeps.
    var longLivedSecrets: Int

    init(world: CellWorld, caller: Credential) {
        let issuer = world.issuerURL != nil && world.bedIssuer == nil
        let documents = [world.serverConfiguration] + (issuer ? [world.issuerConfiguration] : [])
        let leaves = documents.flatMap { path -> [String] in
            let data = FileManager.default.contents(atPath: path) ?? Data()
            return Self.leaves((try? JSONSerialization.jsonObject(with: data)) ?? [:])
        }
        configurationItems = leaves.count
        processes = 1 + (world.issuerURL == nil ? 0 : 1) + (world.responder == nil ? 0 : 1)
        let kept = [caller.clientSecret, caller.clientSecret == nil ? caller.apiKey : nil, caller.login?.password].compactMap { $0 }
        longLivedSecrets =
            leaves.count { ["key", "client_secret_file"].contains($0) } + (world.issuerURL == nil ? 0 : 1) + kept.count
            + (caller.identity == nil ? 0 : 2)
    }

    /// The names of the members that hold a value of their own, at any depth; a list's values have the list's name.
    package static func leaves(_ value: Any, under name: String = "") -> [String] {
        switch value {
        case let object as [String: Any]: object.flatMap { leaves($1, under: $0) }
        case let list as [Any]: list.flatMap { leaves($0, under: name) }
        default: [name]
        }
    }
}

import Foundation

/// Makes the cases, asks OpenSSL, and writes them for others to be asked.
package struct LimboSuite: Sendable {
    /// One case as it was made, and what OpenSSL says of it.
    package struct Result: Sendable, Codable, Hashable {
        package var id: String
        package var sentence: String
        /// What a verifier is to say: `accepted` or `refused`.
        package var expected: String
        /// The name that the peer has to have, where identity is decided.
        package var nameKind: String
        package var name: String
        /// The common name of the leaf's issuer; empty where it has no name.
        package var issuer: String
        /// The authorities that may stand between; nil where the case does not bound them.
        package var maxIntermediates: Int?
        /// Seconds since 1970, where the case is about a moment; nil for now.
        package var time: Int?
        package var hasLists: Bool
        /// What OpenSSL says, with all it finds.
        package var openssl: String
        package var faults: [OpenSSLVerdict.Fault]
        /// Why OpenSSL differs.
        package var because: String?
        /// Why Authbed's own server differs.
        package var server: String?

        /// OpenSSL says what is expected, or differs for a reason that is written down.
        package var isExplained: Bool { (openssl == expected) == (because == nil) }
    }

    /// Seconds since 1970.
    private let now: Int

    package init(now: Double) { self.now = Int(now.rounded(.down)) }

    /// Makes each case and asks OpenSSL.
    /// - Throws: `ForgingError`.
    package func results() throws -> [Result] {
        try LimboCase.all.enumerated().map { try result($1, try chain($1, $0)) }
    }

    /// Writes each case into a folder of its own: `trusted.pem`, `chain.pem` (the leaf first), `leaf.key`, and `lists.pem` where
    /// there are any; and `index.json` with the facts of all.
    /// - Parameters:
    ///   - directory: Made when missing; a folder that holds anything else is refused.
    ///   - ids: Those to write; nil for all there are.
    /// - Throws: `ForgingError`.
    package func write(into directory: String, _ ids: Set<String>? = nil) throws -> [Result] {
        if let names = try? FileManager.default.contentsOfDirectory(atPath: directory), !names.isEmpty {
            throw ForgingError.request("\(directory) is not empty")
        }
        var results: [Result] = []
        for (index, limbo) in LimboCase.all.enumerated() where ids?.contains(limbo.id) ?? true {
            let chain = try chain(limbo, index)
            let folder = "\(directory)/\(Self.folder(limbo.id))"
            try Files.makeFolder(folder)
            try Files.create(try chain.trusted.map { try $0.certificate.pem() }.joined(), at: "\(folder)/trusted.pem")
            try Files.create(
                try ([chain.leaf] + chain.sent.reversed()).map { try $0.certificate.pem() }.joined(), at: "\(folder)/chain.pem")
            try Files.create(try chain.leaf.key.privatePEM(), at: "\(folder)/leaf.key", mode: 0o600)
            if !chain.lists.isEmpty { try Files.create(try chain.lists.map { try $0.pem() }.joined(), at: "\(folder)/lists.pem") }
            results.append(try result(limbo, chain))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try Files.create(String(decoding: try encoder.encode(results), as: UTF8.self) + "\n", at: "\(directory)/index.json")
        return results
    }

    private func chain(_ limbo: LimboCase, _ index: Int) throws -> LimboChain {
        try limbo.mint(LimboMint(now: now, suffix: "\(index + 1)"))
    }

    /// The folder of a case: its id, with two underscores where that has two colons.
    package static func folder(_ id: String) -> String { id.replacingOccurrences(of: "::", with: "__") }

    private func result(_ limbo: LimboCase, _ chain: LimboChain) throws -> Result {
        var rules = ChainVerifier.Rules(purpose: .client, time: chain.time ?? now, depth: limbo.intermediates)
        rules.checksRevocation = !chain.lists.isEmpty
        switch limbo.name {
        case .dns(let host), .address(let host): rules.host = host
        case .email(let address): rules.email = address
        }
        let verdict = try ChainVerifier.judge(
            chain.leaf.certificate, chain: chain.sent.map(\.certificate), trusted: chain.trusted.map(\.certificate), lists: chain.lists,
            rules: rules)
        return Result(
            id: limbo.id, sentence: limbo.sentence, expected: limbo.accepts ? "accepted" : "refused", nameKind: limbo.name.kind,
            name: limbo.name.value, issuer: chain.leaf.certificate.issuerCommonName, maxIntermediates: limbo.intermediates,
            time: chain.time, hasLists: !chain.lists.isEmpty,
            openssl: verdict.accepted ? "accepted" : "refused", faults: verdict.faults, because: limbo.difference,
            server: limbo.serverDifference)
    }
}

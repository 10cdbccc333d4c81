import Foundation

/// How OpenSSL judges one certificate of a PKI, beside what the manifest expects.
package struct PKIVerdict: Sendable, Codable, Hashable {
    package var name: String
    package var accepted: Bool
    package var faults: [OpenSSLVerdict.Fault]
    /// What the manifest expects OpenSSL to say: `accepts`, or `refuses: …`; nil when it only expects a refusal, or nothing.
    package var expected: String?
    /// The verdict is what the manifest expects, and has no other reason.
    package var agrees: Bool
}

extension PKI {
    /// Judges a certificate as its side says: by OpenSSL's strictest rules, with the lists of the authorities above it.
    ///
    /// An authority is judged as a chain alone, and nothing is expected of it: its faults show in what it issues.
    /// - Parameter now: Seconds since 1970.
    /// - Throws: `ForgingError`, of kind request when there is no such certificate.
    package func verify(_ name: String, now: Double) throws -> PKIVerdict {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw ForgingError.request("\(directory) has no certificate '\(name)'")
        }
        let faults = try judge(entry, at: Int(now.rounded(.down))).faults
        let expected = entry.openssl.flatMap(OpenSSLExpectation.init(text:)) ?? (entry.wrong == nil ? OpenSSLExpectation(words: nil) : nil)
        let agrees =
            switch (entry.side, expected) {
            case (.authority, _): true
            // One thing wrong may have several names, all of them said of one certificate.
            case (_, let expected?): faults.first?.words == expected.words && faults.allSatisfy { $0.depth == faults[0].depth }
            case (_, nil): !faults.isEmpty
            }
        return PKIVerdict(
            name: name, accepted: faults.isEmpty, faults: faults, expected: entry.side == .authority ? nil : expected?.text, agrees: agrees)
    }

    private func judge(_ entry: PKIEntry, at time: Int) throws -> OpenSSLVerdict {
        let sent = try Certificate.all(pem: try Files.read(path(of: entry.name).certificate))
        let trusted = try Certificate.all(pem: try Files.read(trust(of: entry)))
        guard let leaf = sent.first else { throw ForgingError("\(path(of: entry.name).certificate) holds no certificate") }
        var rules = ChainVerifier.Rules(purpose: .any, time: time)
        switch entry.side {
        case .authority: break
        case .client: rules.purpose = .client
        case .server: (rules.purpose, rules.host) = (.server, entry.host ?? "mcp-server.internal")
        case .responder: return try OCSPResponder.judge(entry, leaf: leaf, trusted: trusted, of: self, at: time)
        }
        let chain = Array(sent.dropFirst())
        let verdict = try ChainVerifier.judge(leaf, chain: chain, trusted: trusted, rules: rules)
        // Without a right chain there is nobody whose list could be believed.
        guard verdict.accepted, entry.side != .authority else { return verdict }
        rules.checksRevocation = true
        return try ChainVerifier.judge(leaf, chain: chain, trusted: trusted, lists: try lists(above: entry, at: time), rules: rules)
    }

    /// What every authority that may stand above the certificate publishes.
    private func lists(above entry: PKIEntry, at time: Int) throws -> [RevocationList] {
        let state = try ledger.read()
        var names: [String] = []
        for start in [entry.name] + entry.sends {
            var entry = entries.first { $0.name == start }
            while let issuer = entry?.issuer, issuer != entry?.name, !names.contains(issuer) {
                names.append(issuer)
                entry = entries.first { $0.name == issuer }
            }
        }
        return try names.map { name in
            try RevocationListMaker.list(
                .init(number: 1, thisUpdate: time - 60, nextUpdate: time + 86_400, revoked: revoked(by: name, state)),
                issuer: try authority(name))
        }
    }
}

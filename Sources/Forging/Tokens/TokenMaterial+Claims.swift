/// Tokens signed with the right key whose claims two readers would take differently.
extension TokenMaterial {
    func contradictions(_ attack: TokenAttack) throws -> [ForgedToken] {
        switch attack {
        case .farBeginning: try times("nbf", Self.farTimes + ["6442450944"])
        case .farEnd: try times("exp", Self.farTimes + ["1e300", "9007199254740993"])
        default: try contradicted()
        }
    }

    /// Larger than a double, than 64 bits with a sign, and than 32 bits with one.
    private static let farTimes = ["1e400", "9223372036854775808", "1e18", "18446744073709551615", "99999999999"]

    private func times(_ name: String, _ texts: [String]) throws -> [ForgedToken] {
        try texts.map { text in ForgedToken("\(name) \(text)", try token(nil, claims.filter { $0.0 != name } + [(name, text)])) }
    }

    /// By the one claim that everybody looks at: whoever passes over another shows nothing about which of two counts.
    private func contradicted() throws -> [ForgedToken] {
        try ["1", "1000000000"].map { ForgedToken("exp \($0) behind the right one", try token(nil, claims + [("exp", $0)])) }
    }
}

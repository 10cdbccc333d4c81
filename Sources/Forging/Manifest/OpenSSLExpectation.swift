/// What OpenSSL's own verifier says of a certificate, in a manifest:
/// `accepts, because REASON`, or `refuses: OPENSSL'S WORDS`, with or without a `, because REASON` behind them.
package struct OpenSSLExpectation: Sendable, Hashable {
    /// OpenSSL's words for the one fault it finds; nil when it accepts.
    package var words: String?
    /// Why it differs from the manifest's own judgement.
    package var because: String?

    init(words: String?, because: String? = nil) {
        self.words = words
        self.because = because
    }

    /// Nil for a text of another form.
    package init?(text: String) {
        let parts = text.split(separator: ", because ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        because = parts.count > 1 ? parts[1] : nil
        if because?.isEmpty ?? false { return nil }
        if parts[0] == "accepts" { return }
        guard parts[0].hasPrefix("refuses: "), parts[0].utf8.count > 9 else { return nil }
        words = String(parts[0].dropFirst(9))
    }

    package var text: String {
        (words.map { "refuses: \($0)" } ?? "accepts") + (because.map { ", because \($0)" } ?? "")
    }
}

/// A client identifier that is the URL of a document (draft-ietf-oauth-client-id-metadata-document section 3).
struct ClientDocumentURL: Sendable, Hashable {
    let text: String
    let host: String

    /// nil for what is no such identifier: it has https, a host in lower case, a path that is more than a slash and has no dot
    /// segments, and no user and fragment.
    init?(_ text: String) {
        guard text.hasPrefix("https://"), let uri = RedirectURI(text), !uri.host.isEmpty else { return nil }
        // Whoever connects later must read the same host here as whoever looked at its addresses.
        let authority = text.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" }
        guard authority == authority.lowercased() else { return nil }
        let path = text.dropFirst("https://".count).drop { $0 != "/" && $0 != "?" }.prefix { $0 != "?" }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count > 1,
            !segments.contains(where: { [".", ".."].contains($0.replacing("%2E", with: ".").replacing("%2e", with: ".")) })
        else { return nil }
        self.text = text
        host = uri.host
    }
}

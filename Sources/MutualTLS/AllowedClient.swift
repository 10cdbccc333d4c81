package import Auth

/// One entry of the list of clients: the name a certificate must bear, and who that is here.
///
/// Names are of the kinds that RFC 8705 section 2.1.2 knows. A name matches byte for byte: upper case is not lower
/// case, another Unicode form is another name, and nothing stands for anything else.
package struct AllowedClient: Sendable, Hashable {
    /// The URI of the subject alternative names, such as a SPIFFE id; a certificate with several has no one name of that kind.
    package var uri: String?
    /// A DNS name of the subject alternative names.
    package var dns: String?
    /// An e-mail address of the subject alternative names.
    package var email: String?
    /// An IP address of the subject alternative names.
    package var address: IPAddress?
    /// The subject's common name, which counts only where an entry gives one.
    package var commonName: String?
    /// The issuer's distinguished name (RFC 4514), where two authorities are trusted and only one may name this client.
    package var issuer: String?
    /// The anchor that vouches, by the SHA-256 of its certificate in base64url, where two authorities have one name.
    package var anchor: String?
    /// The name that decisions and audit records use.
    package var principal: String
    package var scopes: ScopeSet
    /// Whose data it may see; nil: nobody's in particular.
    package var tenant: String?

    package init(
        uri: String? = nil, dns: String? = nil, email: String? = nil, address: IPAddress? = nil, commonName: String? = nil,
        issuer: String? = nil, anchor: String? = nil, principal: String, scopes: ScopeSet, tenant: String? = nil
    ) {
        self.uri = uri
        self.dns = dns
        self.email = email
        self.address = address
        self.commonName = commonName
        self.issuer = issuer
        self.anchor = anchor
        self.principal = principal
        self.scopes = scopes
        self.tenant = tenant
    }

    /// Whether the certificate bears this entry's name.
    ///
    /// An entry with an alternative name is matched by that name alone. Its common name stands in only for a
    /// certificate without alternative names (RFC 9525 section 2 gives up common names where there are others).
    /// - Parameter found: The anchor that its chain leads to; nil where nobody can say.
    package func matches(_ peer: PeerCertificate, anchor found: String? = nil) -> Bool {
        if let anchor, anchor != found { return false }
        if let issuer, !same(issuer, peer.issuer) { return false }
        if hasAlternativeName && (peer.hasAlternativeNames || commonName == nil) {
            return (uri.map { peer.uris.count == 1 && bears($0, in: peer.uris) } ?? true)
                && (dns.map { bears($0, in: peer.dnsNames) } ?? true)
                && (email.map { bears($0, in: peer.emailAddresses) } ?? true)
                && (address.map(peer.addresses.contains) ?? true)
        }
        guard let commonName, peer.commonNames.count == 1, case let found?? = peer.commonNames.first else { return false }
        return same(commonName, found)
    }

    private var hasAlternativeName: Bool { uri != nil || dns != nil || email != nil || address != nil }

    private func bears(_ name: String, in names: [String]) -> Bool {
        names.contains { same($0, name) }
    }

    /// Swift's `==` takes canonically equivalent strings for equal, which would let in a lookalike.
    private func same(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8)
    }
}

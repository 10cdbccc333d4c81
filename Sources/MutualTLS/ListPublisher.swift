import X509

/// Whose list it is, and whose certificates are judged by it: an authority's name and its key.
///
/// The name alone would not do. Two authorities may have one, by accident or because one of them wants to be taken for the other,
/// and an authority that has a new key has other certificates under it: a list counts for what the key that signed it has issued
/// (RFC 5280 sections 5.2.1 and 6.3.3 (f), (g)). One certified twice, by two others, is one all the same.
package struct ListPublisher: Sendable, Hashable {
    /// In DER.
    let name: [UInt8]
    /// The subject public key info in DER.
    let key: [UInt8]

    init(_ authority: Certificate) throws {
        name = try authority.subject.derBytes
        key = Array(authority.publicKey.subjectPublicKeyInfoBytes)
    }
}

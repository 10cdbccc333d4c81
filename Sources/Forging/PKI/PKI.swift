import Foundation

/// A folder with authorities, certificates right and wrong, and what has been revoked.
///
/// It holds no path to itself, so that a copy is a PKI of its own.
package struct PKI: Sendable {
    /// What a certificate may be used for.
    package enum Usage: String, Sendable, Hashable, CaseIterable {
        case client
        case server
    }

    package let directory: String
    /// In the manifest's order.
    package let entries: [PKIEntry]
    /// The manifest's profile it was built from.
    package let profile: String
    let trust: String
    let signer: String

    /// - Throws: `ForgingError` when the folder is no PKI.
    package init(opening directory: String) throws {
        let index = try Self.index(of: directory)
        self.directory = directory
        (entries, profile, trust, signer) = (index.certificates, index.profile, index.trust, index.signer)
    }

    /// The certificate to trust servers by, a PEM file.
    package var ca: String { "\(directory)/ca.pem" }
    /// The certificates to trust clients by, a PEM file.
    package var clientCA: String { "\(directory)/client-ca.pem" }

    /// The PEM files of a certificate with its chain and of its key, by the name in the manifest.
    package func path(of name: String) -> (certificate: String, key: String) {
        ("\(directory)/\(name).pem", "\(directory)/\(name).key")
    }

    /// What a certificate is judged by: the authorities that are trusted where it is shown, a PEM file.
    package func trust(of entry: PKIEntry) -> String {
        entry.trust.map { "\(directory)/\($0).pem" } ?? (entry.side == .client ? clientCA : ca)
    }

    var ledger: PKILedger { PKILedger(folder: "\(directory)/state") }

    /// A certificate's or file's name: lower-case letters, digits, hyphens and underscores, a letter first.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    }

    func authority(_ name: String) throws -> (certificate: Certificate, key: PrivateKey) {
        let path = path(of: name)
        return (try Certificate(pem: try Files.read(path.certificate)), try PrivateKey(pem: try Files.read(path.key)))
    }

    /// The PEM of an issuer and of those above it, as a peer needs it: without what it must trust already.
    func chain(from name: String) throws -> String {
        guard let entry = entries.first(where: { $0.name == name }), entry.issuer != name else { return "" }
        return try Files.read(path(of: name).certificate)
    }

    static func index(of directory: String) throws -> PKIIndex {
        let path = "\(directory)/index.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ForgingError.request("\(directory) is no PKI: it has no index.json")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let index = try? decoder.decode(PKIIndex.self, from: data) else { throw ForgingError.request("\(path) is damaged") }
        return index
    }
}

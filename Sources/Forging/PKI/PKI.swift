import Foundation

/// A folder with authorities, certificates right and wrong, and what has been revoked.
///
/// It holds no path to itself, so that a copy is a PKI of its own; a branch is one, too, and shares the files that it does not change.
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
    /// Where a branch reads what is not its own; nil for one that stands alone.
    private let origin: String?
    /// The files that a branch has in its own folder.
    private let own: Set<String>

    /// - Throws: `ForgingError` when the folder is no PKI.
    package init(opening directory: String) throws {
        let index = try Self.index(of: directory)
        self.directory = directory
        (entries, profile, trust, signer) = (index.certificates, index.profile, index.trust, index.signer)
        (origin, own) = (nil, [])
    }

    private init(branching source: PKI, directory: String, own: Set<String>) {
        self.directory = directory
        (entries, profile, trust, signer) = (source.entries, source.profile, source.trust, source.signer)
        (origin, self.own) = (source.origin ?? source.directory, own)
    }

    /// A PKI that begins as this one is and goes its own way: what it issues and revokes is no concern of this one's.
    ///
    /// Nothing in it outlasts a power failure for certain: it is for as long as the process that made it.
    /// - Parameters:
    ///   - directory: For what it records; made when missing. This PKI's folder must stay where it is.
    ///   - copied: The files that will be replaced in it; all others are read where they are.
    /// - Throws: `ForgingError`.
    package func branch(into directory: String, copied: [String]) throws -> PKI {
        try Files.makeFolder("\(directory)/state")
        let own = Set(copied).union(own)
        for name in own { try Files.copy(file(name), to: "\(directory)/\(name)") }
        let branch = PKI(branching: self, directory: directory, own: own)
        if FileManager.default.fileExists(atPath: ledger.path) { try Files.copy(ledger.path, to: branch.ledger.path) }
        return branch
    }

    /// The path of a file, by its name.
    package func file(_ name: String) -> String {
        "\(own.contains(name) ? directory : origin ?? directory)/\(name)"
    }

    /// The certificate to trust servers by, a PEM file.
    package var ca: String { file("ca.pem") }
    /// The certificates to trust clients by, a PEM file.
    package var clientCA: String { file("client-ca.pem") }

    /// The PEM files of a certificate with its chain and of its key, by the name in the manifest.
    package func path(of name: String) -> (certificate: String, key: String) {
        (file("\(name).pem"), file("\(name).key"))
    }

    /// What a certificate is judged by: the authorities that are trusted where it is shown, a PEM file.
    package func trust(of entry: PKIEntry) -> String {
        entry.trust.map { file("\($0).pem") } ?? (entry.side == .client ? clientCA : ca)
    }

    /// Whether what it writes is to outlast a power failure.
    var isDurable: Bool { origin == nil }

    var ledger: PKILedger { PKILedger(folder: "\(directory)/state", isDurable: isDurable) }

    /// A certificate's or file's name: lower-case letters, digits, hyphens and underscores, a letter first.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    }

    func authority(_ name: String) throws -> (certificate: Certificate, key: PrivateKey) {
        let path = path(of: name)
        return (try Certificate(pem: try Files.read(path.certificate)), try PrivateKey.reading(try Files.read(path.key)))
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

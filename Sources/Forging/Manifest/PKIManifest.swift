import Foundation

/// What certificates there are to be, and what is wrong with each: `certs-gen/pki.yaml`.
package struct PKIManifest: Sendable {
    /// The file it was read from, for messages.
    package let file: String
    /// The file's text, of which a built PKI keeps the hash.
    let text: String
    let profiles: [PKIProfile]

    /// Reads a file strictly: unknown and duplicate keys, anchors and tags are mistakes.
    /// - Throws: `PKIManifestError`, the first mistake.
    package init(file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw PKIManifestError(file: file, line: 0, column: 0, message: "the manifest cannot be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw PKIManifestError(file: file, line: 0, column: 0, message: "the manifest is not UTF-8")
        }
        try self.init(text: text, file: file)
    }

    /// - Throws: `PKIManifestError`, the first mistake.
    package init(text: String, file: String) throws {
        self.file = file
        self.text = text
        profiles = try ManifestReader(file: file).profiles(text)
    }

    /// The names of the profiles, in the file's order.
    package var profileNames: [String] { profiles.map(\.name) }
}

/// One PKI of a manifest.
struct PKIProfile: Sendable {
    var name: String
    /// The certificate that servers and clients trust.
    var trust: String
    /// The authority that issues later certificates.
    var signer: String
    /// Further files of what is trusted, each of one or several authorities.
    var bundles: [(name: String, authorities: [String])]
    /// Issuers before what they issue.
    var certificates: [ManifestCertificate]
}

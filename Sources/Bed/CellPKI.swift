import Forging
import Foundation
import Probing

/// The certificate authority of one cell: a copy of the bed's PKI of its own, so that what one cell revokes is no
/// concern of another's.
struct CellPKI: Sendable {
    private let pki: PKI
    private let issued: String
    /// The file that the server under test reads its revocation lists from.
    let revocationList: String

    /// - Parameter source: The folder of the PKI that was built once.
    init(copying source: String, to folder: String) throws {
        try FileManager.default.copyItem(atPath: source, toPath: folder)
        pki = try PKI(opening: folder)
        issued = "\(folder)/issued"
        revocationList = "\(folder)/revoked.crl"
        try FileManager.default.createDirectory(atPath: issued, withIntermediateDirectories: true)
    }

    /// What callers trust servers by.
    var ca: String { pki.ca }
    /// What servers trust callers by.
    var clientCA: String { pki.clientCA }

    /// Certificates that help to build a caller's chain, and sign its revocation list.
    var intermediates: String { pki.path(of: "intermediate").certificate }

    static func uri(of principal: String) -> String { "spiffe://authbed.test/client/\(principal)" }

    struct Issued: Sendable {
        var identity: ClientIdentity
        var serial: String
        var thumbprint: String
        var notAfter: Double
    }

    /// - Parameters:
    ///   - lifetime: Seconds.
    ///   - now: The subjects' time in seconds since 1970.
    func issueClient(name: String, principal: String, lifetime: Double, now: Double) throws -> Issued {
        let certificate = try pki.issue(
            name: name, commonName: principal, uris: [Self.uri(of: principal)], dns: [], usage: .client, lifetime: lifetime, now: now,
            into: issued)
        return Issued(
            identity: ClientIdentity(certificate: certificate.certificate, key: certificate.key), serial: certificate.serial,
            thumbprint: certificate.thumbprint, notAfter: certificate.notAfter)
    }

    /// A certificate of the manifest, by name.
    func named(_ name: String) -> ClientIdentity {
        let paths = pki.path(of: name)
        return ClientIdentity(certificate: paths.certificate, key: paths.key)
    }

    /// Revokes a certificate and publishes the list that says so, as one act of the authority.
    func revoke(serial: String, now: Double) throws {
        try pki.revoke(serial: serial, at: now)
        try writeRevocationList(now: now)
    }

    /// The list outlives any clock that a scenario shows.
    func writeRevocationList(now: Double) throws {
        _ = try pki.writeRevocationLists(to: revocationList, now: now, lifetime: 800 * 86400)
    }
}

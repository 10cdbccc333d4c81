import Forging
import Foundation
import Probing
import Synchronization

/// The certificate authority of one cell: a branch of the bed's PKI, so that what one cell revokes is no concern of another's.
struct CellPKI: Sendable {
    private let pki: PKI
    private let issued: String
    /// The file that the server under test reads its revocation lists from.
    let revocationList: String
    private let roll = Roll()

    /// Which authority of clients is in its place, as far as it has been changed.
    private final class Roll: Sendable {
        enum State { case first, both, next }
        let state = Mutex(State.first)
    }

    /// Follows the first authority of clients.
    private static let nextAuthority = "next-root"

    /// Where the authority answers questions about the certificates that it issues from now on; nil where it does not.
    private var responderURL: String?

    /// Bundles of authorities that the server under test is to trust besides, whose lists it therefore has to have.
    var trustedBundles: [String] = []

    /// What is replaced while subjects hold on to the paths.
    private static let replaced = ["server.pem", "server.key", "client-ca.pem"]

    /// - Parameter source: What was built once.
    init(branching source: PKI, into folder: String) throws {
        pki = try source.branch(into: folder, copied: Self.replaced)
        ca = pki.ca
        issued = "\(folder)/issued"
        revocationList = "\(folder)/revoked.crl"
        try FileManager.default.createDirectory(atPath: issued, withIntermediateDirectories: true)
    }

    /// What callers trust servers by.
    private(set) var ca: String

    /// Has callers trust whom somebody else's server was certified by, beside the bed's own authority.
    /// - Parameter file: A PEM file.
    /// - Throws: What keeps it from being read or the bundle from being written.
    mutating func welcome(_ file: String) throws {
        let bundle = "\(issued)/callers-trust.pem"
        let all = try [pki.ca, file].map { try String(contentsOfFile: $0, encoding: .utf8) }
        try Files.write(Array(all.joined(separator: "\n").utf8), to: bundle, isDurable: false)
        ca = bundle
    }
    /// What servers trust callers by.
    var clientCA: String { pki.clientCA }

    /// Certificates that help to build a caller's chain, and sign its revocation list.
    var intermediates: String { pki.path(of: "intermediate").certificate }

    /// All authorities below an anchor, of which some are wrong.
    private var authorities: [PKIEntry] { pki.entries.filter { $0.side == .authority && $0.issuer != $0.name } }

    /// The anchors of the bundles that are trusted besides.
    private var trustedBesides: [PKIEntry] {
        let names = Set(pki.entries.filter { $0.trust.map(trustedBundles.contains) == true }.map(\.issuer))
        return pki.entries.filter { $0.side == .authority && $0.issuer == $0.name && $0.wrong == nil && names.contains($0.name) }
    }

    /// PEM of a bundle of authorities, or of what is trusted anyway.
    func anchors(_ bundle: String? = nil) throws -> String {
        try String(contentsOfFile: bundle.map { pki.file("\($0).pem") } ?? clientCA, encoding: .utf8)
    }

    /// Whether it has more authorities than the one that issues, so that clients send them along.
    var hasManyAuthorities: Bool { pki.profile != "standard" }

    /// PEM of all authorities below an anchor that are right: an operator knows no others.
    func allIntermediates() throws -> String {
        try authorities.filter { $0.wrong == nil }.map { try String(contentsOfFile: pki.path(of: $0.name).certificate, encoding: .utf8) }
            .map { String($0.prefix(upTo: $0.range(of: "-----END CERTIFICATE-----\n")?.upperBound ?? $0.endIndex)) }.joined()
    }

    /// The right callers of the manifest, each by one name: the one that says most.
    func clients(scopes: [String]) -> [ServerDocument.Client] {
        var names: Set<[String?]> = []
        return pki.entries.filter { $0.side == .client && $0.wrong == nil }.compactMap { entry in
            var client = ServerDocument.Client(principal: entry.name, scopes: scopes)
            if entry.uris.count == 1 {
                client.uri = entry.uris[0]
            } else if let name = entry.dns.first {
                client.dns = name
            } else if let name = entry.emails.first {
                client.email = name
            } else {
                // Free text, and several authorities may write the same.
                client.cn = entry.commonName
                let issuer = pki.entries.first { $0.name == entry.issuer }
                client.issuer = issuer.map { "CN=\($0.commonName)" }
                client.anchor = issuer.flatMap { $0.issuer == $0.name ? $0.thumbprint : nil }
            }
            return names.insert([client.uri, client.dns, client.email, client.cn, client.issuer, client.anchor]).inserted ? client : nil
        }
    }

    /// Whom a server takes a right one of the manifest for: the first that has its name.
    func principal(of name: String) -> String? {
        guard hasManyAuthorities, let entry = pki.entries.first(where: { $0.name == name }), entry.wrong == nil else { return nil }
        return pki.entries.first {
            $0.side == .client && $0.wrong == nil && $0.uris == entry.uris && ($0.uris.count == 1 || $0.name == name)
        }?
        .name
    }

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
            into: issued, issuer: roll.state.withLock { $0 } == .first ? nil : Self.nextAuthority,
            responders: responderURL.map { [$0] } ?? [])
        return Issued(
            identity: ClientIdentity(certificate: certificate.certificate, key: certificate.key), serial: certificate.serial,
            thumbprint: certificate.thumbprint, notAfter: certificate.notAfter)
    }

    /// The certificate of a caller whose issuer says, in a certificate that goes along, where it can be asked about.
    ///
    /// - Parameter isRevoked: Whether that certificate is revoked; the one that the issuer has besides is not.
    func issueBelowAskedAuthority(name: String, principal: String, lifetime: Double, isRevoked: Bool, now: Double) throws -> Issued {
        var issued = try issueClient(name: name, principal: principal, lifetime: lifetime, now: now)
        let above = try pki.certifyAgain("intermediate", responders: responderURL.map { [$0] } ?? [], now: now)
        if isRevoked { try pki.revoke(serial: above.serial, at: now) }
        let end = "-----END CERTIFICATE-----\n"
        let own = try String(contentsOfFile: issued.identity.certificate, encoding: .utf8).components(separatedBy: end)[0] + end
        issued.identity.certificate = "\(self.issued)/\(name)-and-above.pem"
        try Documents.write(Data((own + above.pem).utf8), to: issued.identity.certificate)
        return issued
    }

    /// A server's certificate, wrong in one thing.
    func forgeServer(_ fault: ServerFault, host: String, now: Double, into folder: String) throws -> ClientIdentity {
        let paths = try pki.forgeServer(fault, host: host, now: now, into: folder)
        return ClientIdentity(certificate: paths.certificate, key: paths.key)
    }

    /// The authority as one that answers questions about its certificates; those issued from now on say where.
    mutating func answerQuestions(clock: SubjectClock) throws -> BedResponder {
        let started = try BedResponder(pki: pki, clock: clock, lists: revocationList)
        responderURL = started.url
        return started
    }

    /// A certificate of the manifest, by name.
    func named(_ name: String) -> ClientIdentity {
        let paths = pki.path(of: name)
        return ClientIdentity(certificate: paths.certificate, key: paths.key)
    }

    /// Revokes a certificate and publishes the list that says so, as one act of the authority.
    /// - Parameter publishes: Whether the list is published; without it, a later one will be the first to say so.
    func revoke(serial: String, publishes: Bool = true, now: Double) throws {
        try pki.revoke(serial: serial, at: now)
        if publishes { try writeRevocationList(now: now) }
    }

    /// The list outlives any clock that a scenario shows.
    func writeRevocationList(now: Double) throws {
        let lifetime = 800 * 86400.0
        var request = PKI.ListRequest()
        switch roll.state.withLock({ $0 }) {
        case .first: break
        case .both: request.others = [Self.nextAuthority]
        case .next: request.authority = Self.nextAuthority
        }
        _ = try pki.writeRevocationLists(request, to: revocationList, now: now, lifetime: lifetime)
        guard hasManyAuthorities else { return }
        var text = try String(contentsOfFile: revocationList, encoding: .utf8)
        // One that has the issuing authority's name and key would publish in its place.
        let signer = authorities.first { $0.name == "intermediate" }?.commonName
        for authority in authorities + trustedBesides where authority.wrong == nil && authority.commonName != signer {
            var request = PKI.ListRequest()
            request.authority = authority.name
            let path = "\(issued)/\(authority.name).crl"
            _ = try pki.writeRevocationLists(request, to: path, now: now, lifetime: lifetime)
            text += try String(contentsOfFile: path, encoding: .utf8)
        }
        try Documents.write(Data(text.utf8), to: revocationList)
    }

    /// Puts another certificate and key for the same names in the place of the server's.
    ///
    /// - Returns: Its thumbprint.
    func renewServerCertificate(now: Double) throws -> String {
        try pki.issue(
            name: "server", commonName: "mcp-server.internal", uris: [], dns: ["mcp-server.internal", "localhost"], usage: .server,
            lifetime: 3650 * 86400, now: now, into: pki.directory, addresses: ["127.0.0.1"]
        ).thumbprint
    }

    /// Has a second authority trusted beside the first one; from now on it issues. Its list stands in the file before it is trusted.
    func addAuthority(now: Double) throws {
        roll.state.withLock { $0 = .both }
        try writeRevocationList(now: now)
        try trust([pki.ca, pki.path(of: Self.nextAuthority).certificate])
    }

    /// Has the first authority trusted no more.
    func removeAuthority(now: Double) throws {
        roll.state.withLock { $0 = .next }
        try trust([pki.path(of: Self.nextAuthority).certificate])
        try writeRevocationList(now: now)
    }

    /// As one act: whoever reads the file sees the old authorities or the new ones.
    private func trust(_ files: [String]) throws {
        let text = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        try Files.write(Array(text.utf8), to: clientCA, isDurable: false)
    }

    /// Puts a list in the place of the one that the server under test reads.
    /// - Parameters:
    ///   - list: What is wrong with it, if anything: one of `Bend.lists`.
    ///   - namesRevoked: False for one that names nobody, as if nothing had been revoked.
    ///   - lifetime: Seconds until the next one is due; nil for longer than any clock that a scenario shows.
    func publish(_ list: String, namesRevoked: Bool = true, lifetime: Double? = nil, now: Double) throws {
        switch list {
        case "absent": try FileManager.default.removeItem(atPath: revocationList)
        case "empty": try replaceList(with: Data())
        case "garbage": try replaceList(with: Data("no list\n".utf8))
        case "cut-short":
            try publish("right", namesRevoked: namesRevoked, lifetime: lifetime, now: now)
            let whole = FileManager.default.contents(atPath: revocationList) ?? Data()
            try replaceList(with: whole.prefix(whole.count / 3))
        case "older-behind":
            let old = "\(issued)/older.crl"
            var request = PKI.ListRequest()
            request.entries = .none
            _ = try pki.writeRevocationLists(request, to: old, now: now - 3600, lifetime: 800 * 86400)
            try publish("right", namesRevoked: namesRevoked, lifetime: lifetime, now: now)
            let files = try [revocationList, old].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
            try replaceList(with: files[0] + files[1])
        default:
            guard let variant = RevocationListVariant(text: list) else { throw BedError("there is no list called \(list)") }
            var request = PKI.ListRequest()
            (request.variant, request.entries) = (variant, namesRevoked ? .ledger : .none)
            _ = try pki.writeRevocationLists(request, to: revocationList, now: now, lifetime: lifetime ?? 800 * 86400)
        }
    }

    /// By rename: a reader sees the old list or the new one.
    private func replaceList(with bytes: Data) throws {
        try Files.write([UInt8](bytes), to: revocationList, isDurable: false)
    }
}

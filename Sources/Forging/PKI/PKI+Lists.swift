import COpenSSL
import Foundation

extension PKI {
    /// What a revocation list is to be, beside its times.
    package struct ListRequest: Sendable {
        package enum Entries: Sendable, Hashable {
            /// What has been revoked.
            case ledger
            /// Nothing, as if nothing had been revoked: what an attacker would like to have believed.
            case none
        }

        package enum Format: String, Sendable, CaseIterable {
            case pem
            /// One list alone, as a distribution point serves it (RFC 5280 section 4.2.1.13).
            case der
        }

        package var variant = RevocationListVariant(.right)
        /// The authority whose list is meant; nil for the one that issues later certificates.
        package var authority: String?
        /// Further authorities whose lists, which are right, stand in the same PEM file.
        package var others: [String] = []
        package var entries = Entries.ledger
        package var format = Format.pem

        package init() {}
    }

    /// Writes the lists of the issuing authority and of the trusted one into a file, as one act.
    /// - Parameters:
    ///   - now: Seconds since 1970; the lists say that they were made a minute earlier, for clocks that differ a little.
    ///   - lifetime: Seconds until the next lists are due.
    /// - Returns: The lists' number, higher each time, and how many certificates they hold.
    /// - Throws: `ForgingError`.
    package func writeRevocationLists(to path: String, now: Double, lifetime: Double) throws -> (number: Int, revoked: Int) {
        let written = try writeRevocationLists(ListRequest(), to: path, now: now, lifetime: lifetime)
        return (written.number ?? 0, written.revoked)
    }

    /// Writes what was asked for. A list in PEM that names no authority has the trusted one's list, which is right, beside it.
    /// - Returns: The number in the list, if it has one, and how many entries all lists of the file have.
    /// - Throws: `ForgingError`.
    package func writeRevocationLists(
        _ request: ListRequest, to path: String, now: Double, lifetime: Double
    ) throws -> (number: Int?, revoked: Int) {
        guard lifetime > 0, now >= 7200, now + lifetime < 253_402_300_800 else {
            throw ForgingError.request("a revocation list cannot live for \(lifetime) s from \(now)")
        }
        let name = request.authority ?? signer
        for name in [name] + request.others {
            guard entries.contains(where: { $0.name == name && ["authority", "plain-authority"].contains($0.usage) }) else {
                throw ForgingError.request("\(directory) has no authority '\(name)'")
            }
        }
        let beside = request.format == .pem ? (request.authority == nil && signer != trust ? [trust] : []) + request.others : []
        // Written under the lock, so that an older list never replaces a newer one.
        return try ledger.record { state in
            let next = state.listNumber + 1
            let right = RevocationListTemplate(
                number: next, thisUpdate: Int(now.rounded(.down)) - 60, nextUpdate: Int((now + lifetime).rounded(.down)))
            var template = right
            template.revoked = request.entries == .none ? [] : try revoked(by: name, state)
            try bend(&template, as: request.variant, after: state, at: Int(now.rounded(.down)))
            var lists = [try list(template, of: name, as: request.variant.kind)]
            var count = template.revoked.count
            for name in beside {
                var other = right
                other.revoked = try revoked(by: name, state)
                lists.append(try list(other, of: name, as: .right))
                count += other.revoked.count
            }
            switch request.format {
            case .pem: try Files.write(try lists.map { try $0.pem() }.joined(), to: path, isDurable: isDurable)
            case .der: try Files.write(try lists[0].der(), to: path, isDurable: isDurable)
            }
            // An old list put back is no new one.
            let recorded = request.variant.kind == .olderNumber ? [] : [PKILedger.Entry.list(next, thisUpdate: template.thisUpdate)]
            return ((template.number, count), recorded)
        }
    }

    /// What an authority has revoked.
    func revoked(by name: String, _ state: PKILedger.State) throws -> [RevocationListTemplate.Entry] {
        try state.revoked.filter { publisher(of: $0.serial, state) == name }.map { revoked in
            guard let serial = Hexadecimal.octets(revoked.serial) else { throw ForgingError("the ledger has a serial number that is none") }
            return RevocationListTemplate.Entry(serial: serial, at: revoked.at)
        }
    }

    private func bend(
        _ template: inout RevocationListTemplate, as variant: RevocationListVariant, after state: PKILedger.State, at now: Int
    ) throws {
        switch variant.kind {
        case .right, .wrongIssuer, .wrongKey: break
        case .expired: (template.thisUpdate, template.nextUpdate) = (now - 7200, now - 3600)
        case .notYetValid: template.thisUpdate = now + 3600
        case .badSignature: template.isTampered = true
        case .noNextUpdate: template.nextUpdate = nil
        case .noNumber: template.number = nil
        case .criticalNumber: template.isNumberCritical = true
        case .olderNumber: template.number = max(0, state.listNumber - 1)
        case .unchangedThisUpdate: template.thisUpdate = state.listTime ?? template.thisUpdate
        case .delta:
            // It is relative to the list before it.
            template.others = [.init(object: "2.5.29.27", critical: true, value: DER.integer(state.listNumber))]
        case .indirect: template.others = [Self.issuingPoint(DER.tagged(0x84, [0xFF]))]
        case .onlyAuthorities: template.others = [Self.issuingPoint(DER.tagged(0x82, [0xFF]))]
        case .otherPoint:
            let url = try GeneralName.uri("http://crl.authbed.test/another.crl").der()
            template.others = [Self.issuingPoint(DER.tagged(0xA0, DER.tagged(0xA0, url)))]
        case .unknownCritical: template.others = [.unknown(critical: true)]
        case .unknownCriticalEntry:
            template.entryExtensions = [.unknown(critical: true)]
            // Without an entry there would be nothing wrong.
            if template.revoked.isEmpty { template.revoked = try Self.strangers(1, at: now) }
        case .huge: template.revoked += try Self.strangers(max(0, variant.count - template.revoked.count), at: now)
        }
    }

    private func list(_ template: RevocationListTemplate, of name: String, as kind: RevocationListVariant.Kind) throws -> RevocationList {
        switch kind {
        case .wrongIssuer:
            let key = try PrivateKey(generating: .p256)
            var stranger = CertificateTemplate(subject: DistinguishedName(commonName: "Foreign CA"), usage: .authority)
            (stranger.notBefore, stranger.notAfter) = (template.thisUpdate - 86_400, template.thisUpdate + 365 * 86_400)
            return try RevocationListMaker.list(template, issuer: (try Certificate.issue(stranger, key: key, issuer: nil), key))
        case .wrongKey: return try RevocationListMaker.list(template, issuer: try authority(name), signedBy: PrivateKey(generating: .p256))
        default: return try RevocationListMaker.list(template, issuer: try authority(name))
        }
    }

    /// An IssuingDistributionPoint (RFC 5280 section 5.2.5), always critical.
    private static func issuingPoint(_ content: [UInt8]) -> CertificateExtension {
        CertificateExtension(object: "2.5.29.28", critical: true, value: DER.sequence(content))
    }

    /// Serial numbers of certificates that nobody has.
    private static func strangers(_ count: Int, at time: Int) throws -> [RevocationListTemplate.Entry] {
        guard count > 0 else { return [] }
        var octets = [UInt8](repeating: 0, count: 16 * count)
        try succeed(RAND_bytes(&octets, Int32(octets.count)), "make serial numbers")
        return (0..<count).map { number in
            var serial = Array(octets[16 * number..<16 * (number + 1)])
            // Positive, and none of ours, which begin otherwise.
            serial[0] &= 0x3F
            return RevocationListTemplate.Entry(serial: serial, at: time)
        }
    }
}

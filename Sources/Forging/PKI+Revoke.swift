import Foundation

extension PKI {
    /// Records that a certificate is revoked, durably. A second time changes nothing.
    /// - Parameters:
    ///   - serial: Hexadecimal, as `issue` gave it; capitals and colons are fine.
    ///   - now: Seconds since 1970.
    /// - Throws: `ForgingError`, also when no authority of this PKI that publishes a list has issued it.
    /// - Returns: The serial number as this PKI writes it, and when it was first revoked, in whole seconds since 1970.
    @discardableResult
    package func revoke(serial: String, at now: Double) throws -> (serial: String, at: Int) {
        let serial = Self.normal(serial)
        return try ledger.record { state in
            guard publisher(of: serial, state) != nil else {
                throw ForgingError.request("no certificate with the serial number '\(serial)' was issued here")
            }
            if let before = state.revoked.first(where: { $0.serial == serial }) { return ((serial, before.at), []) }
            let at = Int(now.rounded(.down))
            return ((serial, at), [.revoked(.init(serial: serial, at: at))])
        }
    }

    /// Writes the lists of the issuing authority and of the trusted one into a file, as one act.
    /// - Parameters:
    ///   - now: Seconds since 1970; the lists say that they were made a minute earlier, for clocks that differ a little.
    ///   - lifetime: Seconds until the next lists are due.
    /// - Returns: The lists' number, higher each time, and how many certificates they hold.
    /// - Throws: `ForgingError`.
    package func writeRevocationLists(to path: String, now: Double, lifetime: Double) throws -> (number: Int, revoked: Int) {
        guard lifetime > 0, now >= 60, now + lifetime < 253_402_300_800 else {
            throw ForgingError.request("a revocation list cannot live for \(lifetime) s from \(now)")
        }
        // Written under the lock, so that an older list never replaces a newer one.
        return try ledger.record { state in
            let number = state.listNumber + 1
            var text = ""
            for name in publishers {
                text += try RevocationListMaker.pem(
                    issuer: try authority(name), number: number,
                    revoked: state.revoked.filter { publisher(of: $0.serial, state) == name }.map { ($0.serial, $0.at) },
                    thisUpdate: Int(now.rounded(.down)) - 60, nextUpdate: Int((now + lifetime).rounded(.down)))
            }
            try Files.write(text, to: path)
            return ((number, state.revoked.count), [.list(number)])
        }
    }

    /// The serial numbers that are revoked, in lower-case hexadecimal.
    package func revoked() throws -> Set<String> {
        Set(try ledger.read().revoked.map(\.serial))
    }

    /// A certificate issued after the building.
    package struct Issued: Sendable, Codable, Hashable {
        package var name: String
        package var serial: String
        /// Whole seconds since 1970.
        package var notAfter: Int
    }

    /// What was issued after the building, oldest first.
    package func issued() throws -> [Issued] {
        try ledger.read().issued.map { Issued(name: $0.name, serial: $0.serial, notAfter: Int($0.notAfter)) }
    }

    private var publishers: [String] { signer == trust ? [trust] : [signer, trust] }

    private func publisher(of serial: String, _ state: PKILedger.State) -> String? {
        if state.issued.contains(where: { $0.serial == serial }) { return signer }
        guard let entry = entries.first(where: { $0.serial == serial }), entry.issuer != entry.name else { return nil }
        return publishers.contains(entry.issuer) ? entry.issuer : nil
    }

    private static func normal(_ serial: String) -> String {
        serial.lowercased().filter { $0 != ":" }
    }
}

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

    /// The authority whose list is to hold a serial number: the first that has issued one, by the manifest's order.
    func publisher(of serial: String, _ state: PKILedger.State) -> String? {
        if let issued = state.issued.first(where: { $0.serial == serial }) { return issued.issuer ?? signer }
        guard let entry = entries.first(where: { $0.serial == serial }), entry.issuer != entry.name else { return nil }
        // Whoever only looks like an authority has no list.
        return entries.contains { $0.name == entry.issuer && $0.side == .authority && $0.wrong == nil } ? entry.issuer : nil
    }

    private static func normal(_ serial: String) -> String {
        serial.lowercased().filter { $0 != ":" }
    }
}

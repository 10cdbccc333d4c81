import Foundation

extension PKI {
    /// Issues a certificate with a key of its own, signed by the PKI's issuing authority, or by another one.
    /// - Parameters:
    ///   - name: What its files are called; files of that name in the folder are replaced.
    ///   - uris: Alternative names, as are `dns` and `addresses`.
    ///   - issuer: The manifest's name of an authority; nil for the one that issues.
    ///   - revocationLists: URLs of lists, for the certificate to name, as are `responders` of OCSP.
    ///   - seconds: From `now` to the end of validity, which is a whole second.
    ///   - now: Seconds since 1970. The validity starts a minute earlier, for clocks that differ a little.
    ///   - folder: Made when missing.
    /// - Throws: `ForgingError`.
    package func issue(
        name: String, commonName: String, uris: [String], dns: [String], usage: Usage, lifetime seconds: Double, now: Double,
        into folder: String, addresses: [String] = [], issuer: String? = nil, revocationLists: [String] = [], responders: [String] = []
    ) throws -> IssuedCertificate {
        guard Self.isName(name) else {
            throw ForgingError.request("a certificate's name has lower-case letters, digits and hyphens, a letter first, not '\(name)'")
        }
        // The far end is the last that RFC 5280 section 4.1.2.5 has a notation for.
        guard seconds > 0, now >= 60, now + seconds < 253_402_300_800 else {
            throw ForgingError.request("a certificate cannot live for \(seconds) s from \(now)")
        }
        guard DistinguishedName.isCommonName(commonName) else {
            throw ForgingError.request("'\(commonName)' cannot be a common name, which has 1 to 64 characters")
        }
        var template = CertificateTemplate(
            subject: DistinguishedName(commonName: commonName), names: try GeneralName.readable(dns: dns, uris: uris),
            usage: usage == .client ? .client : .server)
        (template.notBefore, template.notAfter) = (Int(now.rounded(.down)) - 60, Int((now + seconds).rounded(.down)))
        // Checked as names are: they are URIs.
        _ = try GeneralName.readable(dns: [], uris: revocationLists + responders)
        for address in addresses {
            guard let octets = GeneralName.octets(ofAddress: address) else {
                throw ForgingError.request("'\(address)' is no address of the form 192.0.2.1")
            }
            template.names.append(.address(octets))
        }
        (template.revocationLists, template.responders) = (revocationLists, responders)
        let key = try PrivateKey(generating: .p256)
        let certificate = try Certificate.issue(template, key: key, issuer: try authority(issuer ?? signer))
        try Files.makeFolder(folder)
        let issued = IssuedCertificate(
            name: name, certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key", serial: certificate.serial,
            thumbprint: try certificate.thumbprint(), notAfter: Double(template.notAfter))
        // Recorded first: a certificate that exists can always be revoked.
        try ledger.record { _ in ((), [.issued(.init(serial: issued.serial, name: name, notAfter: issued.notAfter, issuer: issuer))]) }
        try Files.write(try key.privatePEM(), to: issued.key, mode: 0o600, isDurable: isDurable)
        try Files.write(try certificate.pem() + chain(from: issuer ?? signer), to: issued.certificate, isDurable: isDurable)
        return issued
    }

    /// Certifies an authority's name and key once more, by the same issuer, so that its certificate says where it can be asked about.
    /// - Parameters:
    ///   - name: The manifest's name of an authority below another one.
    ///   - now: Seconds since 1970.
    /// - Returns: The certificate in PEM, without a chain, and its serial number, as `revoke` takes it.
    /// - Throws: `ForgingError`.
    package func certifyAgain(_ name: String, responders: [String], now: Double) throws -> (pem: String, serial: String) {
        guard let entry = entries.first(where: { $0.name == name }), entry.side == .authority, entry.issuer != name else {
            throw ForgingError.request("\(directory) has no authority '\(name)' that another one has certified")
        }
        var template = CertificateTemplate(subject: DistinguishedName(commonName: entry.commonName), usage: .authority)
        (template.notBefore, template.notAfter, template.responders) = (Int(now.rounded(.down)) - 60, entry.notAfter, responders)
        let certificate = try Certificate.issue(template, key: try authority(name).key, issuer: try authority(entry.issuer))
        try ledger.record { _ in
            let issued = PKILedger.Issued(
                serial: certificate.serial, name: name, notAfter: Double(template.notAfter), issuer: entry.issuer)
            return ((), [.issued(issued)])
        }
        return (try certificate.pem(), certificate.serial)
    }
}

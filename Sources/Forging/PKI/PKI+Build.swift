import Foundation

extension PKI {
    /// Part of what a PKI is known by: raised when the same manifest is to give other certificates.
    private static let edition = 4

    /// Builds a manifest's profile, or opens what was built from the same manifest before.
    ///
    /// It appears as a whole or not at all; what another manifest had built there is replaced, its revocations with it.
    /// - Parameter directory: Made when missing. A folder that holds anything but a PKI is refused.
    /// - Throws: `ForgingError`.
    package static func build(manifest: PKIManifest, profile: String = "standard", into directory: String) throws -> PKI {
        guard let plan = manifest.profiles.first(where: { $0.name == profile }) else {
            let known = manifest.profileNames.joined(separator: ", ")
            throw ForgingError.request("\(manifest.file) has no profile '\(profile)'; it has \(known)")
        }
        let directory = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        guard !directory.isEmpty else { throw ForgingError.request("a PKI needs a folder of its own") }
        let source = ContentDigest.hex(of: Array("\(edition)\n\(profile)\n\(manifest.text)".utf8))
        if let pki = current(directory, source) { return pki }
        // Before the lock, which is a file beside the folder.
        try refuseStrangers(directory)
        let parent = (directory as NSString).deletingLastPathComponent
        if !parent.isEmpty, !FileManager.default.fileExists(atPath: parent) { try Files.makeFolder(parent) }
        return try Files.locked("\(directory).lock") {
            // Somebody else may have built it while this one waited.
            if let pki = current(directory, source) { return pki }
            let fresh = "\(directory).building"
            try remove(fresh)
            try fill(fresh, plan, source)
            try replace(directory, with: fresh)
            return try PKI(opening: directory)
        }
    }

    /// What is there, when it came from the same source and nothing right in it ends within a month.
    private static func current(_ directory: String, _ source: String) -> PKI? {
        guard let index = try? index(of: directory), index.source == source else { return nil }
        let soon = Date().timeIntervalSince1970 + 30 * 86_400
        guard index.certificates.allSatisfy({ $0.wrong != nil || Double($0.notAfter) > soon }) else { return nil }
        guard let pki = try? PKI(opening: directory), isWhole(pki) else { return nil }
        return pki
    }

    /// What a power failure has emptied is built again, which is cheaper than to wait for the disk at every building.
    private static func isWhole(_ pki: PKI) -> Bool {
        pki.entries.allSatisfy { entry in
            let path = pki.path(of: entry.name)
            return [path.certificate, path.key].allSatisfy { path in
                let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
                return (size ?? 0) > 0
            }
        }
    }

    private typealias Built = (certificate: Certificate, key: PrivateKey, chain: String)

    private static func fill(_ folder: String, _ plan: PKIProfile, _ source: String) throws {
        try Files.makeFolder("\(folder)/state")
        let now = Int(Date().timeIntervalSince1970)
        var built: [String: Built] = [:]
        var entries: [PKIEntry] = []
        for planned in plan.certificates {
            let issuer = planned.issuer.flatMap { built[$0] }
            let template = planned.template(now, serial: planned.shared.serial.flatMap { built[$0]?.certificate.serial })
            let key = try planned.shared.key.flatMap { built[$0]?.key } ?? PrivateKey(generating: planned.key)
            let certificate = try Certificate.issue(template, key: key, issuer: issuer.map { ($0.certificate, $0.key) })
            let pem = try certificate.pem()
            let chain = pem + (issuer?.chain ?? "")
            // A self-signed one is not sent along: a peer trusts it already, or will not for being sent it.
            built[planned.name] = (certificate, key, planned.issuer == nil ? "" : chain)
            try Files.create(try key.privatePEM(), at: "\(folder)/\(planned.name).key", mode: 0o600)
            let sent = try planned.sends.compactMap { try built[$0]?.certificate.pem() }
            try Files.create(chain + sent.joined(), at: "\(folder)/\(planned.name).pem")
            entries.append(try planned.entry(template, certificate))
        }
        try writeTrust(folder, plan, built)
        try revoke(plan, entries, now, in: folder)
        let index = PKIIndex(source: source, profile: plan.name, trust: plan.trust, signer: plan.signer, certificates: entries)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try Files.create(String(decoding: try encoder.encode(index), as: UTF8.self) + "\n", at: "\(folder)/index.json")
    }

    /// `ca.pem`, `client-ca.pem`, and a file for each bundle.
    private static func writeTrust(_ folder: String, _ plan: PKIProfile, _ built: [String: Built]) throws {
        let files = [("ca", [plan.trust]), ("client-ca", [plan.trust])] + plan.bundles.map { ($0.name, $0.authorities) }
        // An authority may itself be called ca.
        for (name, authorities) in files where name != plan.trust {
            try Files.create(try authorities.compactMap { try built[$0]?.certificate.pem() }.joined(), at: "\(folder)/\(name).pem")
        }
    }

    private static func revoke(_ plan: PKIProfile, _ entries: [PKIEntry], _ now: Int, in folder: String) throws {
        let names = Set(plan.certificates.filter(\.isRevoked).map(\.name))
        let serials = entries.filter { names.contains($0.name) }.map(\.serial)
        guard !serials.isEmpty else { return }
        try PKILedger(folder: "\(folder)/state").record { _ in ((), serials.map { .revoked(.init(serial: $0, at: now)) }) }
    }

    /// Never removes what it did not make.
    private static func refuseStrangers(_ directory: String) throws {
        guard FileManager.default.fileExists(atPath: directory), !holdsPKI(directory) else { return }
        if let names = try? FileManager.default.contentsOfDirectory(atPath: directory), names.isEmpty { return }
        throw ForgingError.request("\(directory) holds something else than a PKI")
    }

    /// Of this edition or of an older one, whose index has another form.
    private static func holdsPKI(_ directory: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: "\(directory)/index.json"),
            let index = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        else { return false }
        return index["source"] is String && index["certificates"] is [Any]
    }

    private static func replace(_ directory: String, with fresh: String) throws {
        let previous = "\(directory).previous"
        try remove(previous)
        if FileManager.default.fileExists(atPath: directory), rename(directory, previous) != 0 {
            throw Files.failure("move \(directory) away")
        }
        guard rename(fresh, directory) == 0 else { throw Files.failure("make \(directory)") }
        try remove(previous)
    }

    private static func remove(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw ForgingError("could not remove \(path): \(error.localizedDescription)")
        }
    }
}

extension ManifestCertificate {
    fileprivate func template(_ now: Int, serial: String?) -> CertificateTemplate {
        var template = template
        (template.notBefore, template.notAfter) = (now + starts, now + starts + lifetime)
        if let octets = serial.flatMap(Hexadecimal.octets) { template.serial = .octets(octets) }
        return template
    }

    fileprivate func entry(_ template: CertificateTemplate, _ certificate: Certificate) throws -> PKIEntry {
        let (dns, uris, addresses, emails) = template.names.reduce(into: ([String](), [String](), [String](), [String]())) { texts, name in
            switch name {
            case .dns(let octets): texts.0.append(String(decoding: octets, as: UTF8.self))
            case .uri(let octets): texts.1.append(String(decoding: octets, as: UTF8.self))
            case .address(let octets): texts.2.append(octets.map(String.init).joined(separator: "."))
            case .email(let octets): texts.3.append(String(decoding: octets, as: UTF8.self))
            case .directory: break
            }
        }
        return PKIEntry(
            name: name, commonName: template.subject.commonName, uris: uris, dns: dns, addresses: addresses, emails: emails,
            issuer: issuer ?? name,
            usage: template.usage.rawValue, version: template.version, serial: certificate.serial,
            thumbprint: try certificate.thumbprint(), notBefore: template.notBefore, notAfter: template.notAfter, wrong: judging.wrong,
            right: judging.right, side: judging.side, beside: judging.beside, openssl: judging.openssl?.text, authbed: judging.authbed,
            trust: judging.trust,
            host: judging.host, sends: sends)
    }
}

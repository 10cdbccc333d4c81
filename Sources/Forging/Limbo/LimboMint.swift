/// Makes the certificates of a case: each right unless the case changes it.
final class LimboMint {
    /// Seconds since 1970.
    let now: Int
    /// What the names of its authorities end in: those of each case have names of their own, so that a verifier can trust the
    /// anchors of all cases at once, and none leads to another's.
    private let suffix: String
    private var made = 0

    init(now: Int, suffix: String) {
        self.now = now
        self.suffix = suffix
    }

    /// A self-signed authority, ten years old and valid for as long.
    func root(_ change: (inout CertificateTemplate) -> Void = { _ in }) throws -> LimboNode {
        try make(template("x509-limbo-root-\(suffix)", .authority, change), under: nil)
    }

    /// An authority below another, each with a name of its own.
    func authority(_ issuer: LimboNode, _ change: (inout CertificateTemplate) -> Void = { _ in }) throws -> LimboNode {
        made += 1
        return try make(template("x509-limbo-intermediate-\(suffix)-\(made)", .authority, change), under: issuer)
    }

    /// A client's certificate for the host example.com.
    func leaf(_ issuer: LimboNode, _ change: (inout CertificateTemplate) -> Void = { _ in }) throws -> LimboNode {
        try make(
            template("x509-limbo-leaf", .client) { template in
                template.names = [.dns("example.com")]
                change(&template)
            }, under: issuer)
    }

    func list(_ issuer: LimboNode, revoked: [LimboNode] = [], _ change: (inout RevocationListTemplate) -> Void = { _ in }) throws
        -> RevocationList
    {
        var template = RevocationListTemplate(number: 1, thisUpdate: now - 60, nextUpdate: now + 86_400)
        template.revoked = revoked.map { .init(serial: Hexadecimal.octets($0.certificate.serial) ?? [], at: now - 3600) }
        // Somebody else's, so that a list is never empty.
        template.revoked.append(.init(serial: [0x01, 0x23], at: now - 3600))
        change(&template)
        return try RevocationListMaker.list(template, issuer: issuer.issuer)
    }

    private func template(
        _ name: String, _ usage: CertificateTemplate.Usage, _ change: (inout CertificateTemplate) -> Void
    ) -> CertificateTemplate {
        var template = CertificateTemplate(subject: DistinguishedName(commonName: name), usage: usage)
        let years = usage.isAuthority ? 10 : 1
        (template.notBefore, template.notAfter) = (now - years * 365 * 86_400, now + years * 365 * 86_400)
        change(&template)
        return template
    }

    private func make(_ template: CertificateTemplate, under issuer: LimboNode?) throws -> LimboNode {
        let key = try PrivateKey(generating: .p256)
        return LimboNode(try Certificate.issue(template, key: key, issuer: issuer?.issuer), key)
    }
}

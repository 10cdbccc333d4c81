import Auth
import Foundation
import OAuth
import Testing

/// One thing bent in a good token, and how it must be refused.
struct Bent: Sendable, CustomTestStringConvertible {
    let what: String
    let reason: Reason
    let check: String
    let bend: @Sendable (inout Draft) -> Void

    init(_ what: String, _ reason: Reason, by check: String, _ bend: @escaping @Sendable (inout Draft) -> Void) {
        self.what = what
        self.reason = reason
        self.check = check
        self.bend = bend
    }

    var testDescription: String { what }

    static func claim(_ name: String, _ json: String?, _ reason: Reason, by check: String) -> Bent {
        Bent("\(name): \(json ?? "absent")", reason, by: check) { $0.claim(name, json) }
    }

    static func header(_ name: String, _ json: String?, _ reason: Reason, by check: String = "type-and-algorithm") -> Bent {
        Bent("\(name): \(json ?? "absent")", reason, by: check) { $0.header(name, json) }
    }
}

extension Verifier where Evidence == AccessTokenEvidence {
    static func standard(keys: any KeySource = FixedKeys(), issuers: [String] = [Draft.issuer], leeway: TimeInterval = 0) -> Self {
        TokenChecks.jwt(
            issuers: issuers.map { TrustedIssuer($0) }, audience: Draft.audience, leeway: leeway, keys: keys)
    }

    /// The objection to a token, nil for none.
    func objection(_ token: String, at now: Date = Draft.now, certificate: String? = nil) async -> Objection? {
        var evidence = AccessTokenEvidence(token: token, certificateThumbprint: certificate)
        let objection = await objection(to: &evidence, at: now)
        return objection ?? (evidence.principal == nil ? Objection(Refusal(.claims, "nobody"), by: "verdict") : nil)
    }
}

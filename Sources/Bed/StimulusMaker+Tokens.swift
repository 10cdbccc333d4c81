import Forging
import Foundation
import Probing
import Scenarios

/// Tokens with one thing wrong, made by the bed as their issuer.
extension StimulusMaker {
    func bench() throws -> BedIssuer {
        guard let issuer = stage.world.bedIssuer else { throw BedError("tokens are bent on the bench only, where the bed is the issuer") }
        return issuer
    }

    /// The baseline's claims under another token.
    func mint(
        scopes: [String]? = nil, claims: [String: String?] = [:], header: [String: String?] = [:], signature: String? = nil,
        signedBy key: ForgedKey? = nil
    ) throws -> String {
        try bench().mint(
            subject: baseline.principal, scopes: scopes ?? baseline.scopes, audience: stage.world.serverURL, lifetime: 3600,
            confirmation: baseline.confirmation(stage.cell.scheme), claims: claims, header: header, signature: signature, signedBy: key
        ).token
    }

    func token(
        _ description: String, claims: [String: String?] = [:], header: [String: String?] = [:], signature: String? = nil,
        signedBy key: ForgedKey? = nil
    ) throws -> Stimulus {
        var stimulus = Stimulus(fresh, description)
        stimulus.credential.token = try mint(claims: claims, header: header, signature: signature, signedBy: key)
        return stimulus
    }

    func attack(_ name: String) throws -> [Stimulus] {
        guard let attack = TokenAttack(rawValue: name) else { throw BedError("there is no attack called \(name)") }
        let issuer = try bench()
        let parts = issuer.parts(
            subject: baseline.principal, scopes: baseline.scopes, audience: stage.world.serverURL, lifetime: 3600,
            confirmation: baseline.confirmation(stage.cell.scheme))
        let material = TokenMaterial(
            header: parts.header, claims: parts.claims, key: issuer.keys[0], attacker: issuer.attacker, decoy: issuer.url + "/decoy")
        return try attack.tokens(of: material).map { forged in
            var stimulus = Stimulus(fresh, "\(name): \(forged.title)")
            stimulus.credential.token = forged.text
            return stimulus
        }
    }

    /// For somebody whose name is like the server's; nothing where its address leaves no such name.
    func audience(_ how: String) throws -> [Stimulus] {
        guard let claim = try AudienceLookalike(of: stage.world.serverURL).claim(how) else { return [] }
        return [try token("aud: \(how)", claims: ["aud": claim])]
    }

    /// From somebody whose name is like the issuer's, or who is trusted for tokens of his own.
    func issuer(_ how: String) throws -> Stimulus {
        let own = try bench().url
        let quoted = { (text: String) in "\"\(text)\"" }
        switch how {
        case "slash": return try token("iss: \(how)", claims: ["iss": quoted(own + "/")])
        case "upper-case": return try token("iss: \(how)", claims: ["iss": quoted(own.uppercased())])
        case "suffix": return try token("iss: \(how)", claims: ["iss": quoted(own + ".evil.example")])
        case "shorter": return try token("iss: \(how)", claims: ["iss": quoted(String(own.dropLast()))])
        case "absent": return try token("iss: \(how)", claims: ["iss": nil])
        case "null": return try token("iss: \(how)", claims: ["iss": "null"])
        case "list": return try token("iss: \(how)", claims: ["iss": "[\(quoted(own))]"])
        case "others-key", "others-key-same-name":
            guard let other = otherIssuer, let same = other.keys.first, let own = other.keys.last else {
                throw BedError("the server trusts one issuer only")
            }
            return try token("another trusted issuer's key", signedBy: how == "others-key" ? own : same)
        default: throw BedError("there is no issuer called \(how)")
        }
    }
}

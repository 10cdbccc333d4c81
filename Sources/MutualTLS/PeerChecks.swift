package import Auth
import Foundation

/// What the checks over a certificate work on: the certificate as the TLS layer handed it over, its chain already built there.
package struct PeerEvidence: Sendable {
    package let peer: PeerCertificate
    /// The entry of the allow-list that the certificate matched; set by the check `name`.
    package var client: AllowedClient?

    package init(peer: PeerCertificate) {
        self.peer = peer
    }

    /// Who is calling, once every check has passed; nil before the name was looked up.
    package var principal: Principal? {
        client.map {
            Principal(
                name: $0.principal, scopes: $0.scopes,
                credential: .certificate(serial: peer.serial, thumbprint: peer.thumbprint))
        }
    }
}

/// What is asked of a certificate on every request, since a resumed TLS session asks nothing (RFC 8446 section 4.6.1).
package enum PeerChecks {
    /// `version`, `usage`, `name`, `revocation` (absent without a source), `validity`, in this order.
    package static func all(allowed: [AllowedClient], revocation: (any RevocationSource)?) -> Verifier<PeerEvidence> {
        Verifier([version, usage, name(allowed)] + (revocation.map { [notRevoked($0)] } ?? []) + [validity])
    }

    /// Certificates before X.509 v3 have no extensions that could say what they are for.
    package static var version: Check<PeerEvidence> {
        Check("version") { evidence, _ in
            evidence.peer.version == 3 ? nil : Refusal(.usage, "an X.509 v\(evidence.peer.version) certificate")
        }
    }

    /// A client's end-entity certificate: RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12. An absent extension forbids nothing.
    package static var usage: Check<PeerEvidence> {
        Check("usage") { evidence, _ in
            if evidence.peer.isAuthority { return Refusal(.usage, "an authority's certificate") }
            if evidence.peer.maySign == false { return Refusal(.usage, "its key may not sign") }
            if evidence.peer.mayBeClient == false { return Refusal(.usage, "not for TLS clients") }
            return nil
        }
    }

    /// Exactly one client of the list bears the certificate's name.
    package static func name(_ allowed: [AllowedClient]) -> Check<PeerEvidence> {
        Check("name") { evidence, _ in
            let matches = allowed.filter { $0.matches(evidence.peer) }
            guard let client = matches.first else { return Refusal(.name, "no entry of the allow-list bears its name") }
            guard matches.allSatisfy({ $0.principal == client.principal }) else {
                return Refusal(.name, "it bears the names of several clients")
            }
            evidence.client = client
            return nil
        }
    }

    /// Not on its issuer's list, and the list is one to rely on: RFC 5280 section 6.3. Without one the answer is no.
    package static func notRevoked(_ source: any RevocationSource) -> Check<PeerEvidence> {
        Check("revocation") { evidence, now in
            switch await source.current(at: now) {
            case .unavailable(let why): return Refusal(.revocationUnknown, why)
            case .lists(let lists):
                switch lists.status(issuer: evidence.peer.issuerBytes, serial: evidence.peer.serial, at: now) {
                case .good: return nil
                case .revoked(let what): return Refusal(.revoked, what)
                case .unknown(let why): return Refusal(.revocationUnknown, why)
                }
            }
        }
    }

    /// Both ends inclusive: RFC 5280 section 4.1.2.5.
    package static var validity: Check<PeerEvidence> {
        Check("validity") { evidence, now in
            if now < evidence.peer.notBefore { return Refusal(.notYetValid, "valid from \(evidence.peer.notBefore)") }
            if now > evidence.peer.notAfter { return Refusal(.expired, "valid until \(evidence.peer.notAfter)") }
            return nil
        }
    }
}

package import Auth

/// What the checks over a certificate work on.
package struct PeerEvidence: Sendable {
    package let peer: PeerCertificate
    /// The anchors under which the TLS layer built its chain; nil for a certificate that came another way.
    package let handshake: AnchorSet?
    /// The anchor that it leads to, by its thumbprint; set by the check `chain`.
    package var anchor: String?
    /// The entry of the allow-list that the certificate matched; set by the check `name`.
    package var client: AllowedClient?
    /// Why nobody could say whether it is revoked, though it counts; set by `ocsp`.
    package var unchecked: String?

    package init(peer: PeerCertificate, handshake: AnchorSet? = nil) {
        self.peer = peer
        self.handshake = handshake
    }

    /// Who is calling, once every check has passed; nil before the name was looked up.
    package var principal: Principal? {
        client.map {
            Principal(
                name: $0.principal, scopes: $0.scopes,
                credential: .certificate(serial: peer.serial, thumbprint: peer.thumbprint), tenant: $0.tenant)
        }
    }
}

/// What is asked of a certificate on every request, since a resumed TLS session asks nothing (RFC 8446 section 4.6.1).
package enum PeerChecks {
    /// In this order; `revocation` and `ocsp` are absent without a source. Who must be asked over the network comes last.
    package static func all(
        allowed: ClientList, chain rule: ChainRule, revocation: (any RevocationSource)?, ocsp: (any RevocationSource)? = nil
    ) -> Verifier<PeerEvidence> {
        Verifier(
            [version, usage, form, strength, chain(rule), name(allowed)] + (revocation.map { [notRevoked($0)] } ?? []) + [validity]
                + (ocsp.map { [notRevoked($0, name: "ocsp")] } ?? []))
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

    /// Made as certificates are: the profile of RFC 5280 section 4.
    package static var form: Check<PeerEvidence> {
        Check("form") { evidence, _ in evidence.peer.objection.map { Refusal(.malformed, $0) } }
    }

    /// A key and a signature that nobody can forge for the price of a computer: RFC 9325 section 4.5.
    package static var strength: Check<PeerEvidence> {
        Check("strength") { evidence, _ in evidence.peer.weakness.map { Refusal(.algorithm, $0) } }
    }

    /// A path to an anchor that is trusted now, not only when the connection began: RFC 5280 section 6.
    package static func chain(_ rule: ChainRule) -> Check<PeerEvidence> {
        Check("chain") { evidence, now in
            let verdict = await rule.verdict(on: evidence.peer, handshake: evidence.handshake, at: now)
            evidence.anchor = verdict.anchor
            return verdict.refusal
        }
    }

    /// Exactly one client of the list bears the certificate's name.
    package static func name(_ allowed: ClientList) -> Check<PeerEvidence> {
        Check("name") { evidence, _ in
            let matches = allowed.matching(evidence.peer, anchor: evidence.anchor)
            guard let client = matches.first else { return Refusal(.name, "no entry of the allow-list bears its name") }
            guard matches.allSatisfy({ $0.principal == client.principal }) else {
                return Refusal(.name, "it bears the names of several clients")
            }
            evidence.client = client
            return nil
        }
    }

    /// Its issuer has not taken it back, and can be relied on for saying so: RFC 5280 section 6.3, RFC 6960. Where nobody can
    /// say, the answer is no, unless it was declared otherwise; then that is noted.
    package static func notRevoked(_ source: any RevocationSource, name: String = "revocation") -> Check<PeerEvidence> {
        Check(name) { evidence, now in
            switch await source.status(of: evidence.peer, at: now) {
            case .good: return nil
            case .revoked(let what): return Refusal(.revoked, what)
            case .unknown(let why): return Refusal(.revocationUnknown, why)
            case .unasked(let why):
                evidence.unchecked = why
                return nil
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

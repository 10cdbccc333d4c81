import Scenarios

/// What is said about certificates, by those who issued them, with one thing wrong.
extension StimulusMaker {
    /// A certificate of its own, so that what the responder says of it says nothing of the baseline's.
    func ocsp(_ how: String) throws -> Stimulus {
        guard let responder = stage.world.responder else { throw BedError("nobody is asked about certificates in this scheme") }
        if ["authority-good", "authority-revoked"].contains(how) {
            return Stimulus(try certified(for: how, authorityIsRevoked: how == "authority-revoked"), "OCSP answer: \(how)")
        }
        let credential = try certified(for: how)
        try responder.answer(how, of: credential.serial ?? "")
        return Stimulus(credential, "OCSP answer: \(how)")
    }

    func list(_ change: Bend.ListChange) throws -> Stimulus {
        let (pki, clock) = (stage.world.pki, stage.world.clock)
        var stimulus = Stimulus(fresh, "\(change.caller.rawValue): \(change.list)")
        let isNamed = change.caller == .revokedBy
        if change.caller != .goodUnder { stimulus.credential = try certified(for: change.list) }
        let serial = stimulus.credential.serial ?? ""
        // At once, so that the list is read with the calls that come before.
        if change.caller == .revokedUnder { try pki.revoke(serial: serial, now: clock.now) }
        stimulus.setUp = {
            if isNamed { try pki.revoke(serial: serial, publishes: false, now: clock.now) }
            try pki.publish(change.list, namesRevoked: isNamed, now: clock.now)
        }
        stimulus.tearDown = { try pki.writeRevocationList(now: clock.now) }
        return stimulus
    }

    /// The baseline with another certificate of the same name.
    ///
    /// - Parameter authorityIsRevoked: Whether the authority above it is, about which there is somebody to ask then; nil: there is not.
    private func certified(for what: String, authorityIsRevoked: Bool? = nil) throws -> Credential {
        var credential = fresh
        let (pki, lifetime, now) = (stage.world.pki, stage.cell.scheme.lifetime, stage.world.clock.now)
        let name = "\(what)-\(UInt32.random(in: 0...UInt32.max))"
        let issued =
            try authorityIsRevoked.map {
                try pki.issueBelowAskedAuthority(
                    name: name, principal: baseline.principal, lifetime: lifetime, isRevoked: $0, now: now)
            } ?? pki.issueClient(name: name, principal: baseline.principal, lifetime: lifetime, now: now)
        (credential.identity, credential.serial, credential.thumbprint) = (issued.identity, issued.serial, issued.thumbprint)
        return credential
    }
}

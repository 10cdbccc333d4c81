/// The rules for API keys, in the order in which they are asked.
package enum APIKeyChecks {
    /// form → known → not-expired → not-revoked → environment.
    /// - Parameter environment: The deployment that this server is; keys of another one are refused.
    package static func all(store: any APIKeyStore, environment: String) -> Verifier<APIKeyEvidence> {
        Verifier([form, known(in: store), notExpired, notRevoked, self.environment(environment)])
    }

    /// The text has exactly the form of a key. Refuses with `malformed`.
    package static let form = Check<APIKeyEvidence>("form") { evidence, _ in
        guard let key = APIKey(parsing: evidence.presented.reveal()) else {
            return Refusal(.malformed, "not of the form sk_ENVIRONMENT_ID_SECRET")
        }
        evidence.key = key
        return nil
    }

    /// The store has the id, and the hash agrees. Refuses with `unknown`; with `issuer-unreachable` when nobody can tell,
    /// because the store cannot be read.
    package static func known(in store: any APIKeyStore) -> Check<APIKeyEvidence> {
        Check("known") { evidence, _ in
            guard let key = evidence.key else { return Refusal(.malformed, "no key was read") }
            let record: APIKeyRecord?
            do {
                record = try await store.record(id: key.id)
            } catch {
                return Refusal(.issuerUnreachable, "the key store cannot be read: \(error)")
            }
            guard let record else { return Refusal(.unknown, "no key has the id \(key.id)") }
            guard key.matches(hash: record.hash) else { return Refusal(.unknown, "the secret is not that of \(key.id)") }
            evidence.record = record
            return nil
        }
    }

    /// The key's end has not come. Refuses with `expired`.
    package static let notExpired = Check<APIKeyEvidence>("not-expired") { evidence, now in
        guard let record = evidence.record else { return unrecorded }
        return now < record.expiresAt ? nil : Refusal(.expired, "\(record.id) has expired")
    }

    /// Nobody revoked the key, at whatever time. Refuses with `revoked`.
    package static let notRevoked = Check<APIKeyEvidence>("not-revoked") { evidence, _ in
        guard let record = evidence.record else { return unrecorded }
        return record.revokedAt == nil ? nil : Refusal(.revoked, "\(record.id) was revoked")
    }

    /// The key is for this deployment. Refuses with `environment`.
    package static func environment(_ environment: String) -> Check<APIKeyEvidence> {
        Check("environment") { evidence, _ in
            guard let record = evidence.record else { return unrecorded }
            return record.environment == environment
                ? nil : Refusal(.environment, "\(record.id) is for \(record.environment), this is \(environment)")
        }
    }

    private static let unrecorded = Refusal(.unknown, "no record was found")
}

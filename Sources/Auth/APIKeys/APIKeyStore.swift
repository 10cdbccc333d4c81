/// Where the records of API keys are found.
package protocol APIKeyStore: Sendable {
    /// The record as it stands at this moment, or nil when no key ever had the id.
    /// - Throws: When the store cannot be read. The caller must be turned away then.
    func record(id: String) async throws -> APIKeyRecord?
}

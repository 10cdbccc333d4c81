import Auth
import Foundation
import HTTPTypes
import OAuth
import Store

extension IssuerEndpoints {
    /// Seconds for which a client that came by itself is known without a user who allowed it anything.
    private static let unusedLifetime = 7.0 * 86_400
    /// The longest metadata, in bytes: it is kept, for whoever sends it.
    private static let longestMetadata = 16 * 1024

    /// The registration endpoint, open to everybody (RFC 7591 section 3).
    func register(_ request: IssuerRequest, _ record: inout AuditRecord) async throws -> IssuerAnswer {
        if let pause = parts.registrations.take(from: SourceAddress.host(of: request.peer)) {
            throw OAuthError.throttled("too many registrations", retryAfter: pause.wholeSeconds)
        }
        guard request.contentType.count == 1, request.contentType[0].prefix(while: { $0 != ";" }).lowercased() == "application/json" else {
            throw OAuthError(.invalidClientMetadata, "metadata is sent as application/json", because: .malformed)
        }
        let body = try await request.readBody()
        guard body.count <= Self.longestMetadata else {
            throw OAuthError(.invalidClientMetadata, "the metadata is longer than \(Self.longestMetadata / 1024) KiB", because: .malformed)
        }
        guard let members = try? StrictJSON.parseObject(body) else {
            throw OAuthError(.invalidClientMetadata, "the metadata is not a JSON object", because: .malformed)
        }
        let evidence = try await judge(
            ClientMetadataEvidence(
                members, id: Self.identifier(), origin: .dynamic, openScopes: parts.openScopes,
                defaultMethod: "client_secret_basic", now: Date(timeIntervalSince1970: record.time.timeIntervalSince1970.rounded(.down))),
            parts.registrationMetadata)
        let secret = evidence.client.authentication == .secret ? ClientSecret.generate() : nil
        _ = try await store.forgetUnusedClients(before: record.time.addingTimeInterval(-Self.unusedLifetime))
        try await store.add(evidence.client, secretHash: secret.map(ClientSecret.hash))
        record.principal = evidence.client.id
        record.scopes = evidence.client.scopes.description
        record.detail = "client registered itself"
        return try .json(
            RegistrationAnswer(evidence.client, method: evidence.method, secret: secret), status: .created, cacheControl: "no-store")
    }

    /// The client by that identifier; where it is the URL of a document, as that says now.
    ///
    /// - Throws: `OAuthError` for a document that cannot be used, or the store's error.
    func client(named id: String, from source: String) async throws -> ClientRegistration? {
        let known = try await store.registration(id)
        guard let documents = parts.documents, let url = ClientDocumentURL(id), [nil, .metadataDocument].contains(known?.client.origin)
        else {
            return known
        }
        // Who is disabled gets no further, and nobody is asked about him.
        if known?.client.disabledAt != nil { return known }
        let rate = parts.documentRate
        let (members, isNew) = try await documents.document(at: url.text) { () throws(OAuthError) in
            if let pause = rate.take(from: source) { throw .throttled("too many new applications", retryAfter: pause.wholeSeconds) }
        }
        guard isNew || known == nil else { return known }
        let evidence = try await judge(
            ClientMetadataEvidence(
                members, id: id, origin: .metadataDocument, openScopes: parts.openScopes, defaultMethod: "none", now: parts.now()),
            parts.documentMetadata)
        if known == nil {
            _ = try await store.forgetUnusedClients(before: evidence.client.createdAt.addingTimeInterval(-Self.unusedLifetime))
        }
        try await store.replaceClient(evidence.client)
        return try await store.registration(id)
    }

    private func judge(
        _ evidence: ClientMetadataEvidence, _ verifier: Verifier<ClientMetadataEvidence>
    ) async throws -> ClientMetadataEvidence {
        var evidence = evidence
        guard let objection = await verifier.objection(to: &evidence, at: parts.now()) else { return evidence }
        throw evidence.error ?? OAuthError(.invalidClientMetadata, "the metadata is refused", because: objection.refusal.reason)
    }
}

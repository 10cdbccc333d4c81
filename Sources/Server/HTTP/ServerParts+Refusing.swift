import Auth
import HTTPTypes
import Hummingbird
import MCP
import OAuth
package import Serving

import struct Foundation.Date

extension ServerParts {
    /// The answer to a caller that was not recognised, its record written; nil for one that was.
    func refuse(
        _ authentication: Authentication, _ request: ServerRequest, tool: ServerTool?, at now: Date
    ) async throws -> Response? {
        guard case .denied(let refusal, let layer, _) = authentication.decision else { return nil }
        var record = authentication.record(of: request, at: now)
        record.tool = tool?.tool.name
        // An issuer that is down is nobody's guess.
        let pause = refusal.reason == .issuerUnreachable ? nil : request.peer.flatMap { refusals?.note($0) }
        if pause != nil { record.detail = "\(refusal.detail), answered 429" }
        try await write(record, of: request)
        if let pause { return .json(.tooManyRequests, ["error": "too_many_requests"], headers: [.retryAfter: "\(pause)"]) }
        // The body is not read, so this is all that can be known of what the caller wants; the least where nothing is.
        return answer(Rejection(refusal, layer: layer, scopes: tool?.scopes ?? ["mcp:read"]), request)
    }

    /// The answer to a known caller that may not use a tool.
    func refuse(
        _ authentication: Authentication, _ request: ServerRequest, _ refusal: Refusal, for tool: ServerTool, at now: Date
    ) async throws -> Response {
        var record = authentication.record(of: request, at: now)
        record.tool = tool.tool.name
        record.decision = .refused
        record.reason = refusal.reason
        record.detail = refusal.detail
        try await write(record, of: request)
        return answer(Rejection(refusal, layer: nil, scopes: tool.scopes), request)
    }

    /// Writes a record before anything else happens on behalf of the caller.
    ///
    /// - Throws: `RequestRefusal` with 503 when it cannot be written: what cannot be accounted for is not done.
    func write(_ record: AuditRecord, of request: ServerRequest) async throws {
        do {
            try await audit(record, request)
        } catch {
            throw RequestRefusal(.serviceUnavailable, "the audit trail cannot be written")
        }
    }

    private func answer(_ rejection: Rejection, _ request: ServerRequest) -> Response {
        var headers: HTTPFields = [:]
        for challenge in challenges(self, request, rejection) {
            headers.append(HTTPField(name: .wwwAuthenticate, value: challenge.fieldValue))
        }
        let status = rejection.status(for: request)
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
        if status == .tooManyRequests { headers[.retryAfter] = "60" }
        var body: [String: JSONValue] = ["error": .string(rejection.code(for: request))]
        if rejection.refusal.reason == .scope { body["scope"] = .string(rejection.scopes.description) }
        return .json(status, .object(body), headers: headers)
    }

    /// The right challenges (RFC 9110 section 11.6.1; RFC 6750 section 3; RFC 9728 section 5.1).
    package static let standardChallenges: @Sendable (ServerParts, ServerRequest, Rejection) -> [Challenge] = {
        parts, request, rejection in
        let status = rejection.status(for: request)
        guard ![.serviceUnavailable, .tooManyRequests].contains(status), ![.name, .tenant].contains(rejection.refusal.reason) else {
            return []
        }
        // There is no registered scheme that asks for a certificate; a 401 must have a challenge all the same.
        let asksForCertificate = rejection.layer == .certificate || (rejection.layer == nil && parts.policy?.authority == .certificate)
        if asksForCertificate {
            guard status == .unauthorized else { return [] }
            var challenge = Challenge("ClientCertificate")
            challenge.add("realm", "mcp")
            return [challenge]
        }
        let error: Challenge.BearerError? =
            switch status {
            case .badRequest: .invalidRequest
            case .forbidden: .insufficientScope
            default: rejection.refusal.reason == .missing ? nil : .invalidToken
            }
        // Only tokens can be had from somewhere; a key was given to its owner by hand.
        let usesTokens = rejection.layer == .token || (rejection.layer == nil && parts.policy?.authority == .token)
        guard usesTokens else {
            var challenge = Challenge("Bearer")
            challenge.add("realm", "mcp")
            challenge.add("error", error?.rawValue)
            if status == .forbidden { challenge.add("scope", rejection.scopes.description) }
            return [challenge]
        }
        let scope = rejection.scopes.isEmpty ? nil : rejection.scopes.description
        let metadata = parts.metadata == nil ? nil : parts.endpoints.url + Path.metadata + Path.mcp
        let showsProof = if case .proven = request.bearer { true } else { false }
        var challenges: [Challenge] = []
        if parts.configuration.binding == .dpop || showsProof {
            var challenge = Challenge("DPoP")
            challenge.add("resource_metadata", metadata)
            challenge.add("error", proofError(rejection.refusal.reason) ?? error?.rawValue)
            challenge.add("scope", scope)
            challenge.add("algs", SigningAlgorithm.allCases.map(\.rawValue).joined(separator: " "))
            challenges.append(challenge)
        }
        if parts.configuration.binding != .dpop {
            challenges.append(.bearer(error: showsProof ? nil : error, scope: scope, resourceMetadata: metadata))
        }
        return challenges
    }

    /// RFC 9449 sections 7.1 and 8.
    private static func proofError(_ reason: Reason) -> String? {
        switch reason {
        case .proof, .replayed: "invalid_dpop_proof"
        case .nonce: "use_dpop_nonce"
        default: nil
        }
    }
}

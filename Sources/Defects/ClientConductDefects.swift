import Auth
import Client
import Foundation
import MCP
import OAuth
import Synchronization

extension Defect {
    /// Bent ways of a client to handle refusals, its credentials, and what its peers say of themselves.
    static let clientConductDefects: [Defect] = [
        Defect(
            "client/follows-redirects",
            client: { parts in
                parts.connection.onward = { call, answer in
                    guard let location = answer?.fields["Location"].flatMap(WebAddress.init) else { return nil }
                    var next = call
                    next.address = location
                    return next
                }
            }),
        Defect(
            "client/comes-back-at-once",
            client: { $0.retries = Retries { refusals, _, _ in refusals <= 3 ? .milliseconds(1) : nil } }),
        Defect("client/waits-for-ever", client: { $0.connection.patience = { _ in .seconds(3600) } }),
        Defect(
            "client/shows-its-credential-twice",
            client: { parts in
                let right = parts.present
                parts.present = { credential, call in
                    right(credential, &call)
                    call.fields["Cookie"] = "token=\(credential.value.reveal())"
                }
            }),
        Defect(
            "client/shows-its-token-in-the-address",
            client: { parts in
                let right = parts.present
                parts.present = { credential, call in
                    right(credential, &call)
                    call.address = WebAddress("\(call.address.text)?access_token=\(credential.value.reveal())") ?? call.address
                }
            }),
        Defect(
            "client/prints-its-credential",
            client: { parts in
                let (right, report) = (parts.present, parts.report)
                parts.present = { credential, call in
                    right(credential, &call)
                    report("calling with \(credential.value.reveal())")
                }
            }),
        Defect("client/never-takes-no", client: { $0.recoveries = 12 }),
        Defect("client/steps-up-for-ever", client: { $0.allowsStepUp = { _, _, tried in tried.count < 12 } }),
        Defect("client/never-steps-up", client: { $0.allowsStepUp = { _, _, _ in false } }),
        Defect(
            "client/exchanges-its-scopes",
            client: { parts in
                let right = parts.scopes
                parts.scopes = { selection in
                    var selection = selection
                    if !selection.held.isEmpty { selection.challenged = selection.challenged?.subtracting(selection.held) }
                    selection.held = []
                    return right(selection)
                }
            }),
        Defect(
            "client/names-no-resource",
            client: { parts in
                let right = parts.tokenRequest
                parts.tokenRequest = { request in
                    var request = request
                    request.resource = nil
                    return right(request)
                }
            }),
        Defect(
            "client/asks-for-all-scopes",
            client: { parts in
                let right = parts.scopes
                parts.scopes = { selection in
                    var selection = selection
                    selection.challenged = selection.resource ?? ScopeSet(["mcp:read", "mcp:write"])
                    return right(selection)
                }
            }),
        Defect(
            "client/asks-until-it-lasts",
            client: { parts in parts.tokenSource = { needs in TokenThatLasts(fetch: needs.fetch) } }),
        Defect("client/takes-any-token-type", client: { $0.tokenChecks = $0.tokenChecks.dropping("token-type") }),
        Defect(
            "client/knows-one-place",
            client: { parts in
                parts.issuerMetadataPlaces = { issuer in
                    [issuer.replacingPath(with: "/.well-known/oauth-authorization-server")].compactMap { $0 }
                }
            }),
        Defect(
            "client/looks-at-the-root-first",
            client: { parts in
                let right = parts.resourceMetadataPlaces
                parts.resourceMetadataPlaces = { server, resource, challenge throws(ClientError) in
                    try right(server, resource, challenge).reversed()
                }
            }),
        Defect(
            "client/puts-openid-before-the-path-only",
            client: { parts in
                let right = parts.issuerMetadataPlaces
                parts.issuerMetadataPlaces = { issuer in right(issuer).filter { $0.path.hasPrefix("/.well-known/") } }
            }),
        Defect(
            "client/takes-any-resource",
            client: { parts in
                parts.resourceChecks = parts.resourceChecks.replacing(
                    "resource",
                    with: Check("resource") { evidence, _ in
                        evidence.resource = evidence.document["resource"]?.string ?? evidence.identifiers[0]
                        return nil
                    })
            }),
        Defect(
            "client/looks-where-the-challenge-says",
            client: { parts in
                let right = parts.resourceMetadataPlaces
                parts.resourceMetadataPlaces = { server, resource, challenge throws(ClientError) in
                    if let address = challenge?.resourceMetadata.flatMap(WebAddress.init) { return [(address, [resource])] }
                    return try right(server, resource, challenge)
                }
            }),
        Defect("client/takes-any-issuer", client: { $0.issuerChecks = $0.issuerChecks.dropping("issuer") }),
        Defect(
            "client/takes-any-token-endpoint",
            client: { parts in
                parts.issuerChecks = parts.issuerChecks.replacing(
                    "token-endpoint",
                    with: Check("token-endpoint") { evidence, _ in
                        evidence.tokenEndpoint = evidence.document["token_endpoint"]?.string.flatMap(WebAddress.init)
                        return nil
                    })
            }),
        Defect(
            "client/opens-any-address",
            client: { parts in
                // What the metadata says goes to the browser as it stands; to take it for an address would be to look at it.
                let named = Mutex<String?>(nil)
                let right = parts.issuerChecks
                parts.issuerChecks = right.replacing(
                    "authorization-endpoint",
                    with: Check("authorization-endpoint") { evidence, _ in
                        named.withLock { $0 = evidence.document["authorization_endpoint"]?.string }
                        evidence.authorizationEndpoint = evidence.issuer.replacingPath(with: "/authorize")
                        return nil
                    })
                let show = parts.show
                parts.show = { (program, address, ended) throws(ClientError) in
                    let query = address.drop { $0 != "?" }
                    try show(program, named.withLock { $0 }.map { $0 + query } ?? address, ended)
                }
            }),
        Defect("client/asks-its-neighbours", client: { $0.resourceChecks = $0.resourceChecks.dropping("neighbourhood") }),
        Defect(
            "client/knows-neighbours-by-one-spelling",
            client: { parts in
                guard let right = parts.resourceChecks.checks.first(where: { $0.name == "neighbourhood" }) else { return }
                parts.resourceChecks = parts.resourceChecks.replacing(
                    "neighbourhood",
                    with: Check("neighbourhood") { evidence, now in
                        evidence.issuers.allSatisfy { $0.host.hasPrefix("0x") } ? nil : await right(&evidence, at: now)
                    })
            }),
        Defect("client/tells-any-issuer-its-secret", client: { $0.cache.otherIssuer = { _, _ in nil } }),
        Defect("client/lets-others-read-its-tokens", client: { $0.cache.mode = 0o644 }),
        Defect(
            "client/shows-its-credential-to-all",
            client: { parts in
                let right = parts.present
                let helper = Mutex<Process?>(nil)
                parts.present = { credential, call in
                    right(credential, &call)
                    helper.withLock { helper in
                        guard helper == nil else { return }
                        let process = Process()
                        process.executableURL = URL(fileURLWithPath: "/bin/sh")
                        // It ends when the client does, and its input with it.
                        process.arguments = ["-c", "read line", "helper", "--token=\(credential.value.reveal())"]
                        process.standardInput = Pipe()
                        try? process.run()
                        helper = process
                    }
                }
            }),
        Defect("client/takes-any-state", client: { $0.answerChecks = $0.answerChecks.dropping("state") }),
        Defect("client/takes-any-answering-issuer", client: { $0.answerChecks = $0.answerChecks.dropping("issuer") }),
        Defect(
            "client/tidies-up-the-answering-issuer",
            client: { parts in
                parts.bendAnswers { evidence in
                    let asked = evidence.pending.issuer
                    let named = (evidence.parameters["iss"] ?? "").lowercased().trimmingCharacters(in: ["/"])
                    return named == asked.lowercased() ? nil : Refusal(.issuer, "the answer is from another issuer than \(asked)")
                }
            }),
        Defect(
            "client/looks-at-announced-issuers-only",
            client: { parts in parts.bendAnswers(where: { !$0.pending.issuerNamesItself }) { _ in nil } }),
        Defect(
            "client/wants-every-issuer-named",
            client: { parts in
                parts.bendAnswers(where: { $0.parameters["iss"] == nil }) { _ in Refusal(.issuer, "the answer names no issuer") }
            }),
        Defect("client/begins-without-pkce", client: { $0.issuerChecks = $0.issuerChecks.dropping("code-challenge-method") }),
        Defect(
            "client/has-one-verifier",
            client: { $0.verifier = { Secret("one-verifier-for-all-requests-is-none-for-the-second") } }),
    ]
}

extension ClientParts {
    /// Another look at the issuer that an answer names.
    ///
    /// - Parameter isBent: In which answers; the right check looks at the others.
    fileprivate mutating func bendAnswers(
        where isBent: @escaping @Sendable (AuthorizationAnswerEvidence) -> Bool = { $0.parameters["iss"] != nil },
        _ judge: @escaping @Sendable (AuthorizationAnswerEvidence) -> Refusal?
    ) {
        guard let right = answerChecks.checks.first(where: { $0.name == "issuer" }) else { return }
        answerChecks = answerChecks.replacing(
            "issuer",
            with: Check("issuer") { evidence, now in isBent(evidence) ? judge(evidence) : await right(&evidence, at: now) })
    }
}

/// Asks on and on for a token that lasts longer than its margin, and uses what it has in the end.
private struct TokenThatLasts: CredentialSource {
    let fetch: TokenSource.Fetch

    func credential() async throws(ClientError) -> BearerCredential? { nil }

    func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? {
        guard refused == nil else { return nil }
        var grant = try await fetch(TokenNeed(challenge: challenge))
        for _ in 0..<5 where grant.lifetime <= 60 { grant = try await fetch(TokenNeed(challenge: challenge)) }
        return BearerCredential(value: grant.token, generation: 1)
    }
}

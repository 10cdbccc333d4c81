import Auth
import Foundation
import HTTPTypes
package import Issuer
import OAuth
import Store
import Synchronization

/// The right issuer, watched for what each defect would have made of what it is asked, as `Watch` does with the server.
///
/// Most of its parts are functions: each defect is asked the same. Where a part is a value, such as the status of a redirect, a
/// defect that has another one acts wherever the answer shows it.
package struct IssuerWatch: Sendable {
    private let defects: [Defect]
    private let report: Watch.Report

    /// - Parameters:
    ///   - defects: Those of other programs are passed over.
    ///   - report: Called once for each defect and request, before the request is answered.
    package init(_ defects: [Defect] = Defect.all, report: @escaping Watch.Report) {
        self.defects = defects.filter { !$0.id.hasPrefix("sentinel/") }
        self.report = report
    }

    package func bend(_ parts: inout IssuerParts) {
        let right = parts
        let shadows = IssuerShadows(defects, of: right, report)
        // First of all, because the lists of clients are made with it.
        parts.assertions = right.assertions.map { shadows.watched($0, .assertions) { $0.assertions } }
        parts.clients = shadows.watched(parts.clients, .clients) { $0.clients }
        parts.introspectors = shadows.watched(parts.introspectors, .introspectors) { $0.introspectors }
        parts.codes = shadows.watched(right.codes, .codes) { $0.codes }
        parts.refreshes = shadows.watched(right.refreshes, .refreshes) { $0.refreshes }
        parts.activity = shadows.watched(right.activity, .activity) { $0.activity }
        parts.authorizations = shadows.watched(right.authorizations, .authorizations) { $0.authorizations }
        parts.documentMetadata = shadows.watched(right.documentMetadata, .documentMetadata) { $0.documentMetadata }
        watchReading(&parts, right, shadows)
        watchRules(&parts, right, shadows)
        watchTokens(&parts, right, shadows)
        watchDocuments(&parts, right, shadows)
        watchAnswers(&parts, right, shadows)
    }

    private func watchReading(_ parts: inout IssuerParts, _ right: IssuerParts, _ shadows: IssuerShadows) {
        parts.readParameters = { request in
            let outcome = await Self.outcome { try await right.readParameters(request) }
            await shadows.ask(.readParameters, outcome.told) { bent in await Self.outcome { try await bent.readParameters(request) }.told }
            return try outcome.get()
        }
        parts.readCredentials = { (authorization, form) throws(OAuthError) in
            let outcome = Result { () throws(OAuthError) in try right.readCredentials(authorization, form) }
            shadows.ask(.readCredentials, outcome.map { $0?.members }) { bent in
                Result { () throws(OAuthError) in try bent.readCredentials(authorization, form)?.members }
            }
            return try outcome.get()
        }
        parts.guesses = WatchedGuesses(right.guesses, shadows)
    }

    private func watchRules(_ parts: inout IssuerParts, _ right: IssuerParts, _ shadows: IssuerShadows) {
        parts.grantType = GrantTypeRule { (requested, client) throws(OAuthError) in
            let outcome = Result { () throws(OAuthError) in try right.grantType(requested, for: client) }
            shadows.ask(.grantType, outcome) { bent in Result { () throws(OAuthError) in try bent.grantType(requested, for: client) } }
            return try outcome.get()
        }
        parts.scope = ScopeRule { (requested, client) throws(OAuthError) in
            let outcome = Result { () throws(OAuthError) in try right.scope(requested, for: client) }
            shadows.ask(.scope, outcome) { bent in Result { () throws(OAuthError) in try bent.scope(requested, for: client) } }
            return try outcome.get()
        }
        parts.resource = ResourceRule { (requested, client) throws(OAuthError) in
            let outcome = Result { () throws(OAuthError) in try right.resource(requested, for: client) }
            shadows.ask(.resource, outcome) { bent in Result { () throws(OAuthError) in try bent.resource(requested, for: client) } }
            return try outcome.get()
        }
        parts.codeUse = CodeUseRule { code in
            let use = right.codeUse(code)
            shadows.ask(.codeUse, use) { $0.codeUse(code) }
            return use
        }
        parts.refreshUse = RefreshUseRule { state, now in
            let use = right.refreshUse(state, at: now)
            shadows.ask(.refreshUse, use) { $0.refreshUse(state, at: now) }
            return use
        }
        parts.revocation = RevocationRule { token, client in
            let decision = right.revocation(token, by: client)
            shadows.ask(.revocation, decision) { $0.revocation(token, by: client) }
            return decision
        }
    }

    private func watchTokens(_ parts: inout IssuerParts, _ right: IssuerParts, _ shadows: IssuerShadows) {
        parts.lifetime = LifetimeRule { client in
            let lifetime = right.lifetime(for: client)
            shadows.ask(.lifetime, lifetime) { $0.lifetime(for: client) }
            return lifetime
        }
        parts.claims = { grant in
            let claims = right.claims(grant)
            shadows.ask(.claims, claims) { $0.claims(grant) }
            return claims
        }
        parts.signer = TokenSigner { claims, key in
            // No two signatures are alike: whoever signs in another way acts.
            shadows.act(.signer)
            return try right.signer(claims, with: key)
        }
        parts.tokenAnswer = { grant, token in
            let answer = right.tokenAnswer(grant, token)
            shadows.ask(.tokenAnswer, Self.text(answer)) { Self.text($0.tokenAnswer(grant, token)) }
            return answer
        }
        parts.toldRefreshToken = { presented, next in
            let told = right.toldRefreshToken(presented, next)
            shadows.ask(.toldRefreshToken, told.reveal()) { $0.toldRefreshToken(presented, next).reveal() }
            return told
        }
        parts.inactive = { state, refusal in
            let description = right.inactive(state, refusal)
            shadows.ask(.inactive, Self.text(description)) { Self.text($0.inactive(state, refusal)) }
            return description
        }
    }

    private func watchDocuments(_ parts: inout IssuerParts, _ right: IssuerParts, _ shadows: IssuerShadows) {
        parts.publishedKeys = { records in
            let published = right.publishedKeys(records)
            shadows.ask(.publishedKeys, published.map(\.kid)) { $0.publishedKeys(records).map(\.kid) }
            return published
        }
        parts.keySet = { keys in
            shadows.act(.keyCacheControl)
            let set = right.keySet(keys)
            shadows.ask(.keySet, set.map(Self.text)) { $0.keySet(keys).map(Self.text) }
            return set
        }
        parts.metadata = { issuer, base in
            let metadata = right.metadata(issuer, base)
            shadows.ask(.metadata, metadata) { $0.metadata(issuer, base) }
            return metadata
        }
        let judged = shadows.watched(right.registrationMetadata, .registrationMetadata) { $0.registrationMetadata }
        // Who may register is counted just before.
        let counted = Check<ClientMetadataEvidence>("counted") { _, _ in
            shadows.act(.registrations)
            return nil
        }
        parts.registrationMetadata = Verifier([counted] + judged.checks)
    }

    private func watchAnswers(_ parts: inout IssuerParts, _ right: IssuerParts, _ shadows: IssuerShadows) {
        parts.authorizationResponse = { response in
            let told = right.authorizationResponse(response)
            shadows.ask(.authorizationResponse, told) { $0.authorizationResponse(response) }
            return told
        }
        parts.loginRefusal = { user in
            let told = right.loginRefusal(user)
            shadows.ask(.loginRefusal, told) { $0.loginRefusal(user) }
            return told
        }
        parts.page = { page in
            let shown = right.page(page)
            shadows.ask(.page, shown) { $0.page(page) }
            return shown
        }
        parts.respond = { [report] endpoints, request in
            let watched = WatchedRequest(request.id, report)
            let answer = try await WatchedRequest.$current.withValue(watched) {
                var request = request
                let body = FormOnce(request.readBody)
                request.readBody = { () throws(OAuthError) in try await body.read() }
                let answer = try await right.respond(endpoints, request)
                answered(request, answer, right, shadows)
                return answer
            }
            watched.tell()
            return answer
        }
    }

    /// What shows in an answer alone.
    private func answered(_ request: IssuerRequest, _ answer: IssuerAnswer, _ right: IssuerParts, _ shadows: IssuerShadows) {
        let isTurnedAway = answer.status == .methodNotAllowed
        shadows.ask(.decisionMethods, isTurnedAway) { bent in
            let was = right.decisionMethods.contains(request.method)
            return was == bent.decisionMethods.contains(request.method) ? isTurnedAway : was
        }
        if answer.headers[.wwwAuthenticate] != nil { shadows.act(.challenge) }
        // How much work a comparison takes, no answer shows.
        if request.method == "POST", request.path.hasSuffix("/authorize") { shadows.act(.passwords) }
        if answer.headers[.cacheControl] == right.tokenCacheControl { shadows.act(.tokenCacheControl) }
        if answer.status == right.redirectStatus { shadows.act(.redirectStatus) }
        let client = request.query.flatMap { AuthorizationParameters(query: $0) }?["client_id"]
        if client?.hasPrefix("https://") ?? false { shadows.act(.documentFetcher) }
    }

    private static func outcome<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    /// As JSON, to compare it.
    private static func text(_ value: any Encodable) -> [UInt8] { (try? IssuerAnswer.json(value, cacheControl: nil).body) ?? [] }
}

extension Result where Success: Equatable, Failure == any Error {
    /// The same, with the error as it is told of.
    fileprivate var told: Result<Success, ToldError> { mapError { ToldError(text: "\($0)") } }
}

private struct ToldError: Error, Equatable {
    var text: String
}

/// The body of a request, which can be read once, for several readers.
private actor FormOnce {
    private let reading: @Sendable () async throws(OAuthError) -> [UInt8]
    private var body: Result<[UInt8], OAuthError>?

    init(_ reading: @escaping @Sendable () async throws(OAuthError) -> [UInt8]) { self.reading = reading }

    func read() async throws(OAuthError) -> [UInt8] {
        if let body { return try body.get() }
        let read: Result<[UInt8], OAuthError>
        do throws(OAuthError) { read = .success(try await reading()) } catch { read = .failure(error) }
        body = read
        return try read.get()
    }
}

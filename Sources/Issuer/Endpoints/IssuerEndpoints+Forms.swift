import Auth
import Foundation
import HTTPTypes
import OAuth
import Store

extension IssuerEndpoints {
    private static let loginForm = "login"
    private static let consentForm = "consent"

    /// Takes one of the two forms, which both post to the address of the authorization request they are about.
    func submit(_ visit: Visit, _ record: inout AuditRecord) async throws -> Step {
        let form = try parts.readForm(visit.request.contentType, try await visit.request.readBody())
        if let decision = form["decision"] { return try await decide(decision, form, visit, &record) }
        guard let name = form["username"] else { throw OAuthError.invalidRequest("the form has neither a user name nor a decision") }
        return try await logIn(name, form, visit, &record)
    }

    /// The login form, with a cookie for browsers that have none yet.
    func showLogin(_ visit: Visit, name: String = "", notice: LoginPage.Notice? = nil) -> Step {
        let known = cookies.value(cookies.form, in: visit.request.cookies)
        let cookie = known ?? ClientSecret.generate()
        let token = FormToken.make(cookie: cookie, purpose: Self.loginForm, query: visit.query)
        var answer = LoginPage(request: visit.asked, token: token, name: name, notice: notice).page.answer
        if known == nil { answer.headers.append(cookies.set(cookies.form, to: cookie)) }
        if case .throttled(let seconds) = notice { answer.headers[.retryAfter] = "\(seconds)" }
        return Step(answer: answer, isDecision: false)
    }

    func showConsent(_ visit: Visit, _ user: String, isStale: Bool = false) -> Step {
        guard let cookie = cookies.value(cookies.login, in: visit.request.cookies) else { return showLogin(visit) }
        let page = ConsentPage(
            request: visit.asked, user: user,
            token: FormToken.make(cookie: cookie, purpose: Self.consentForm, query: visit.query),
            switchUser: "?" + visit.asked.parameters.query(prompt: visit.asked.prompts.union([.login])), isStale: isStale)
        return Step(answer: page.page.answer, isDecision: false)
    }

    private func logIn(_ name: String, _ form: FormParameters, _ visit: Visit, _ record: inout AuditRecord) async throws -> Step {
        guard let cookie = cookies.value(cookies.form, in: visit.request.cookies),
            FormToken.isValid(form["token"] ?? "", cookie: cookie, purpose: Self.loginForm, query: visit.query)
        else {
            refused(&record, .binding, "login: the form was not given to this browser for this request")
            return decided(showLogin(visit, notice: .stale))
        }
        // Clients and users may have the same name.
        let guess = "user \(name)"
        if let pause = parts.guesses.begin(guess, from: visit.source) {
            refused(&record, .throttled, "login: too many tries")
            return decided(showLogin(visit, name: name, notice: .throttled(pause.wholeSeconds)))
        }
        let user = try await store.user(name)
        record.principal = user?.name
        let fits = try await parts.passwords.matches(Secret(form["password"] ?? ""), of: user)
        guard fits, let user, user.disabledAt == nil else {
            refused(
                &record, user?.disabledAt == nil ? .unknown : .revoked,
                "login: " + (user?.disabledAt == nil ? "no such user and password" : "the user is disabled"))
            return decided(showLogin(visit, name: name, notice: .refused(parts.loginRefusal(user))))
        }
        parts.guesses.endedWell(guess, from: visit.source)
        // A new value for each login: whoever knew the one before it knows nothing.
        let login = ClientSecret.generate()
        if let old = cookies.value(cookies.login, in: visit.request.cookies) { try await store.endLogin(hash: ClientSecret.hash(old)) }
        try await store.add(
            LoginRecord(
                hash: ClientSecret.hash(login), user: user.name, createdAt: visit.now,
                expiresAt: visit.now.addingTimeInterval(Double(parts.loginLifetime))))
        record.decision = .allowed
        record.detail = "login"
        // The same request once more, in which the wish to log in is fulfilled.
        let prompts = visit.asked.prompts
        let query = prompts.contains(.login) ? visit.asked.parameters.query(prompt: prompts.subtracting([.login])) : visit.query
        var answer = redirect(to: "\(visit.request.path)?\(query)")
        answer.headers.append(cookies.set(cookies.login, to: login))
        answer.headers.append(cookies.remove(cookies.form))
        return Step(answer: answer)
    }

    private func decide(
        _ decision: String, _ form: FormParameters, _ visit: Visit, _ record: inout AuditRecord
    ) async throws -> Step {
        guard let login = try await login(visit), let cookie = cookies.value(cookies.login, in: visit.request.cookies),
            !visit.asked.prompts.contains(.login)
        else {
            refused(&record, .missing, "consent: nobody is logged in")
            return decided(showLogin(visit, notice: .stale))
        }
        record.principal = login.user
        guard FormToken.isValid(form["token"] ?? "", cookie: cookie, purpose: Self.consentForm, query: visit.query) else {
            refused(&record, .binding, "consent: the form was not given to this browser for this request")
            return decided(showConsent(visit, login.user, isStale: true))
        }
        switch decision {
        case "allow":
            return try await allow(visit, by: login.user, &record)
        case "deny":
            return refuse(OAuthError(.accessDenied, "the user did not allow it", because: .scope), visit, &record)
        default:
            throw OAuthError.invalidRequest("the decision is neither allow nor deny")
        }
    }

    private func refused(_ record: inout AuditRecord, _ reason: Reason, _ detail: String) {
        record.decision = .refused
        record.reason = reason
        record.detail = detail
    }

    /// A form that is shown again because of what was decided.
    private func decided(_ step: Step) -> Step { Step(answer: step.answer) }
}

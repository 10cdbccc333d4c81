import Foundation
import Probing

/// A person who signs in and consents without a screen, as a browser would have it done: follows redirects, keeps cookies, and
/// fills in the first form of each page.
///
/// Goes to loopback addresses only, and gives the password to no other origin than that of the first page.
package struct HeadlessPerson: Sendable {
    package var user: String
    package var password: String
    /// Whom to trust: a PEM file; nil where there is no TLS.
    package var ca: String?
    /// Whether a page that asks for the password again is an answer; otherwise the password is given a second time, and then it is a fault.
    var takesRefusals = false

    /// Pages and redirects until somebody loses patience.
    static let stepLimit = 12

    package init(user: String, password: String, ca: String?) {
        self.user = user
        self.password = password
        self.ca = ca
    }

    /// Walks from an authorization request (RFC 6749 section 4.1.1) to the answer.
    ///
    /// - Parameter url: The authorization endpoint with its parameters; `redirect_uri` among them says where the walk ends.
    /// - Returns: The URL of the answer: the redirection endpoint with `code`, `state` and what else there is.
    /// - Throws: `BedError` where the issuer's pages do not lead there.
    package func authorize(_ url: String) async throws -> String { try await answer(to: url).location }

    /// The same, with how many forms had to be filled in for it.
    func answer(to url: String) async throws -> (location: String, forms: Int) {
        var cookies = CookieJar()
        let path = try await walk(url, keeping: &cookies)
        // RFC 9700 section 4.12: those would send the password on.
        if let step = path.steps.first(where: { $0.wasForm && [307, 308].contains($0.status) }) {
            throw BedError("HTTP \(step.status) answers a form at \(step.place)")
        }
        switch path.end {
        case .answer(let location): return (location, path.steps.count { $0.wasForm })
        case .page(let status, let title, let place): throw BedError("HTTP \(status)\(title) at \(place) has no form")
        case .elsewhere(let place): throw BedError("\(path.start) leads to \(place), which is neither its own nor the client's")
        }
    }

    /// The same for somebody who has been there before, and takes no for an answer.
    ///
    /// - Parameter cookies: What the browser has kept, and keeps.
    func walk(_ url: String, keeping cookies: inout CookieJar) async throws -> WalkedPath {
        let start = try loopback(url)
        guard let target = WebForm.value("redirect_uri", in: url) else { throw BedError("the authorization URL names no redirect_uri") }
        var walk = Walk(person: self, origin: start.origin, target: target, cookies: cookies)
        defer { cookies = walk.cookies }
        return WalkedPath(start: start.place, end: try await walk.go(start), steps: walk.steps)
    }

    /// The same, and hands the answer to whoever listens at the redirection endpoint.
    package func browse(_ url: String) async throws {
        let answer = try loopback(try await authorize(url))
        let probe = Probe(ca: ca, identity: nil)
        let outcome = await probe.send(ProbeRequest(method: "GET", url: answer.absoluteString, headers: [], body: []), over: .newConnection)
        guard case .response = outcome.outcome else { throw BedError("nobody takes the answer at \(answer.place)") }
    }

    fileprivate func loopback(_ text: String) throws -> URL {
        guard let url = URL(string: text), let host = url.host, ["http", "https"].contains(url.scheme) else {
            throw BedError("this is no http(s) URL: \(String(text.prefix { $0 != "?" }.prefix(120)))")
        }
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else { throw BedError("\(host) is not a loopback address") }
        return url
    }
}

/// Where an authorization request led.
struct WalkedPath: Sendable {
    enum End: Sendable {
        /// To the redirection endpoint that the request named.
        case answer(String)
        /// To a page without a form: a refusal. With the page's title, in brackets.
        case page(status: Int, title: String, place: String)
        /// To somebody else.
        case elsewhere(String)
    }

    /// An answer on the way, and whether a form was sent for it.
    struct Step: Sendable {
        var answer: ProbeAnswer
        var status: Int
        var headers: [ProbeHeader]
        var wasForm: Bool
        var place: String
    }

    var start: String
    var end: End
    var steps: [Step]
}

/// One walk over an issuer's pages.
private struct Walk {
    let person: HeadlessPerson
    let origin: String
    /// The redirection endpoint.
    let target: String
    let probe: Probe
    var cookies: CookieJar
    /// How often the name and the password were asked for.
    var timesAsked: [PageQuestion: Int] = [:]
    var steps: [WalkedPath.Step] = []

    init(person: HeadlessPerson, origin: String, target: String, cookies: CookieJar) {
        self.cookies = cookies
        self.person = person
        self.origin = origin
        self.target = target
        probe = Probe(ca: person.ca, identity: nil)
    }

    mutating func go(_ start: URL) async throws -> WalkedPath.End {
        var url = start
        var form: [(String, String)]?
        for _ in 0..<HeadlessPerson.stepLimit {
            let (status, headers, body) = try await send(url, form)
            cookies.keep(headers, from: url)
            guard (300..<400).contains(status) else {
                guard let filled = try fill(status, body, at: url) else {
                    let title = HTMLForm.title(of: body).map { " (\($0))" } ?? ""
                    return .page(status: status, title: title, place: url.place)
                }
                (url, form) = filled
                continue
            }
            guard let location = headers.value("Location"), let next = URL(string: location, relativeTo: url)?.absoluteURL else {
                throw BedError("HTTP \(status) at \(url.place) does not say where to go")
            }
            if arrives(location) { return .answer(location) }
            guard next.origin == origin else { return .elsewhere(next.place) }
            (url, form) = (next, nil)
        }
        throw BedError("no end after \(HeadlessPerson.stepLimit) pages and redirects, the last at \(url.place)")
    }

    private mutating func send(_ url: URL, _ form: [(String, String)]?) async throws -> (Int, [ProbeHeader], [UInt8]) {
        var headers = [ProbeHeader(name: "Accept", value: "text/html")]
        if let cookie = cookies.field(for: url) { headers.append(ProbeHeader(name: "Cookie", value: cookie)) }
        if form != nil {
            headers.append(ProbeHeader(name: "Content-Type", value: "application/x-www-form-urlencoded"))
            headers.append(ProbeHeader(name: "Origin", value: origin))
            // Some look at this one against forged requests; the origin is all of it that a careful page lets a browser tell.
            headers.append(ProbeHeader(name: "Referer", value: origin + "/"))
        }
        let request = ProbeRequest(
            method: form == nil ? "GET" : "POST", url: url.absoluteString, headers: headers, body: Array(WebForm.encode(form ?? []).utf8),
            timeout: 10)
        let answer = await probe.send(request, over: .kept)
        switch answer.outcome {
        case .response(let status, let headers, let body):
            steps.append(WalkedPath.Step(answer: answer, status: status, headers: headers, wasForm: form != nil, place: url.place))
            return (status, headers, body)
        case .refusedInTransport(let refusal): throw BedError("\(url.place) refused the connection: \(refusal.face)")
        case .dropped(let why), .continued(let why): throw BedError("\(url.place) gave no answer: \(why)")
        }
    }

    /// What is sent next, and where to; nil for a page without a form.
    private mutating func fill(_ status: Int, _ page: [UInt8], at url: URL) throws -> (URL, [(String, String)])? {
        let title = HTMLForm.title(of: page).map { " (\($0))" } ?? ""
        guard let form = HTMLForm(firstIn: page) else { return nil }
        guard form.isPost else { throw BedError("the form at \(url.place)\(title) would put what it is told into a URL") }
        guard let target = form.action.map({ URL(string: $0, relativeTo: url)?.absoluteURL }) ?? url, target.origin == origin else {
            throw BedError("the form at \(url.place)\(title) is sent to another origin")
        }
        var pairs = form.hidden
        guard let question = PageQuestion(form) else {
            throw BedError("the form at \(url.place)\(title) asks for neither a user nor a decision")
        }
        switch question {
        case .login(let name, let password):
            timesAsked[question, default: 0] += 1
            if person.takesRefusals, timesAsked[question] == 2 { return nil }
            if timesAsked[question] == 3 {
                throw BedError("\(url.place)\(title) does not take the \(password == nil ? "name" : "password") of \(person.user)")
            }
            if let name { pairs.append((name, person.user)) }
            if let password { pairs.append((password, person.password)) }
        case .consent(let name, let value): pairs.append((name, value))
        }
        return (target, pairs)
    }

    private func arrives(_ location: String) -> Bool {
        location == target || location.hasPrefix(target + (target.contains("?") ? "&" : "?"))
    }
}

extension URL {
    /// Scheme, host and port.
    fileprivate var origin: String { "\(scheme ?? "")://\(host ?? "")" + (port.map { ":\($0)" } ?? "") }

    /// Without its parameters, some of which are nobody's business.
    fileprivate var place: String { origin + path }
}

import Auth
import Crypto
import Foundation
import HTTPTypes

/// The two cookies of this issuer: who is logged in, and which browser was given a form before anybody was.
struct Cookies: Sendable {
    /// The browser's login.
    let login: String
    /// Only to tie the login form to the browser it was given to.
    let form: String
    private let isSecure: Bool

    /// - Parameters:
    ///   - issuer: The identifier. Cookies know no ports, so issuers on one host need names of their own.
    ///   - isSecure: Whether the issuer is behind TLS, as only one on loopback is not.
    init(issuer: String, isSecure: Bool) {
        let tag = SHA256.hash(data: Data(issuer.utf8)).prefix(4).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        // The prefix makes browsers take the cookie from nobody else, a neighbouring subdomain included (RFC 6265bis section 4.1.3.2).
        let prefix = isSecure ? "__Host-" : ""
        login = "\(prefix)login-\(tag)"
        form = "\(prefix)form-\(tag)"
        self.isSecure = isSecure
    }

    /// The value of a cookie in a request; nil also where it is not one that was made here.
    ///
    /// - Parameter fields: The values of the `Cookie` fields.
    func value(_ name: String, in fields: [String]) -> Secret<String>? {
        for pair in fields.joined(separator: ";").split(separator: ";") {
            let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2, halves[0] == name, halves[1].utf8.count == 43 { return Secret(String(halves[1])) }
        }
        return nil
    }

    /// Gives the browser a value, until it is closed.
    func set(_ name: String, to value: Secret<String>) -> HTTPField {
        HTTPField(name: .setCookie, value: "\(name)=\(value.reveal()); \(attributes)")
    }

    func remove(_ name: String) -> HTTPField {
        HTTPField(name: .setCookie, value: "\(name)=; Max-Age=0; \(attributes)")
    }

    /// Not for scripts, and not with what other sites send, except when they lead the person here.
    private var attributes: String { "Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "") }
}

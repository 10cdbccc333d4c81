import Auth
import Crypto
import Foundation
import OAuth

/// Ties a form to the browser it was given to and to the request it is about, so that no other site can send it in the
/// person's name. Made from the cookie, which only this browser has: nothing is stored.
enum FormToken {
    /// - Parameters:
    ///   - purpose: Which form.
    ///   - query: The query of the authorization request.
    static func make(cookie: Secret<String>, purpose: String, query: String) -> String {
        Base64URL.encode(code(cookie, purpose, query))
    }

    /// Compared in constant time.
    static func isValid(_ token: String, cookie: Secret<String>, purpose: String, query: String) -> Bool {
        guard let bytes = Base64URL.decode(token) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes, authenticating: message(purpose, query), using: SymmetricKey(data: Data(cookie.reveal().utf8)))
    }

    private static func code(_ cookie: Secret<String>, _ purpose: String, _ query: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: message(purpose, query), using: SymmetricKey(data: Data(cookie.reveal().utf8)))
    }

    private static func message(_ purpose: String, _ query: String) -> Data { Data("\(purpose)\n\(query)".utf8) }
}

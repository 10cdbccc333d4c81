import Crypto
import Foundation
import HTTPTypes
import Serving

/// A page for people: HTML without script, that no other site can put into a frame, and that no cache keeps.
struct Page: Sendable {
    var title: String
    var status: HTTPResponse.Status = .ok
    /// What stands below the title.
    var content: HTML
    /// Where its form may lead in the end, as sources of a content security policy; nil: it has no form. Browsers also hold
    /// the redirect after a form against this.
    var formTargets: [String]?

    var answer: IssuerAnswer {
        var headers = Self.headers(formTargets)
        headers[.contentType] = "text/html; charset=utf-8"
        return IssuerAnswer(status: status, headers: headers, body: Array(document.text.utf8))
    }

    private var document: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>\(title)</h1>
        \(content)
        </main>
        </body>
        </html>

        """
    }

    /// Against framing (RFC 9700 section 4.16), other people's markup, leaking the URL, and caches.
    private static func headers(_ formTargets: [String]?) -> HTTPFields {
        let formAction = formTargets.map { (["'self'"] + $0).joined(separator: " ") } ?? "'none'"
        return [
            .contentSecurityPolicy:
                "default-src 'none'; style-src '\(styleHash)'; form-action \(formAction); base-uri 'none'; frame-ancestors 'none'",
            .cacheControl: "no-store",
            .xFrameOptions: "DENY",
            .referrerPolicy: "no-referrer",
            .xContentTypeOptions: "nosniff",
        ]
    }

    /// What the policy allows is exactly this text.
    private static let styleHash = "sha256-" + Data(SHA256.hash(data: Data(style.text.utf8))).base64EncodedString()
}

extension HTTPField.Name {
    static let xFrameOptions = known("X-Frame-Options")
    static let referrerPolicy = known("Referrer-Policy")
}

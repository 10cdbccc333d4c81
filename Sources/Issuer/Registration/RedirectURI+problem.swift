extension RedirectURI {
    /// What is wrong with a redirection URI that is to be registered; nil: nothing.
    ///
    /// - Parameter applicationType: `native`, `web`, or nil where the client does not say: either may be then. A web
    ///   application has TLS everywhere (OpenID Connect dynamic registration section 2).
    package static func problem(_ text: String, applicationType: String? = nil) -> String? {
        guard let uri = RedirectURI(text) else {
            return "a redirect URI is not an absolute URI without fragment, user and wildcard"
        }
        switch uri.scheme {
        case "https":
            return uri.host.isEmpty ? "a redirect URI names no host" : nil
        case "http":
            guard uri.isLoopback else { return "a redirect URI is plain HTTP, and not on 127.0.0.1, [::1] or localhost" }
        default:
            // RFC 8252 section 7.1: a domain of the app's maker, turned round. That keeps out javascript:, data: and their like.
            guard uri.scheme.contains(".") else { return "a redirect URI has a scheme that is no app's own" }
        }
        return applicationType == "web" ? "a redirect URI of a web application is not https" : nil
    }
}

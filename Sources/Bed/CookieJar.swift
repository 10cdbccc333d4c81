import Foundation
import Probing

/// A browser's cookies (RFC 6265), as far as a login on one origin needs them: each goes back to the host that set it, and to no
/// other, whatever its `Domain` says.
struct CookieJar: Sendable {
    private struct Cookie: Sendable {
        var name: String
        var value: String
        var host: String
        var path: String
        var isSecure: Bool
    }

    private static let limit = 50
    private var cookies: [Cookie] = []

    mutating func keep(_ headers: [ProbeHeader], from url: URL) {
        for header in headers where header.isNamed("Set-Cookie") { keep(header.value, from: url) }
    }

    private mutating func keep(_ text: String, from url: URL) {
        let parts = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let pair = parts.first, let equals = pair.firstIndex(of: "="), equals > pair.startIndex, let host = url.host else { return }
        var cookie = Cookie(
            name: String(pair[..<equals]), value: String(pair[pair.index(after: equals)...]), host: host, path: Self.folder(of: url.path),
            isSecure: false)
        var isGone = false
        for attribute in parts.dropFirst() {
            let halves = attribute.split(separator: "=", maxSplits: 1).map(String.init)
            let value = halves.count > 1 ? halves[1] : ""
            switch halves.first?.lowercased() {
            case "path" where value.hasPrefix("/"): cookie.path = value
            case "secure": cookie.isSecure = true
            // Section 5.2.2: zero or less ends it.
            case "max-age": isGone = Int(value).map { $0 <= 0 } ?? false
            default: break
            }
        }
        cookies.removeAll { $0.name == cookie.name && $0.host == cookie.host && $0.path == cookie.path }
        if !isGone, cookies.count < Self.limit { cookies.append(cookie) }
    }

    /// The value of the `Cookie` field for a request; nil for none. Longer paths come first (section 5.4).
    func field(for url: URL) -> String? {
        let fitting = cookies.filter { cookie in
            cookie.host == url.host && (!cookie.isSecure || url.scheme == "https") && Self.covers(cookie.path, url.path)
        }
        .sorted { $0.path.utf8.count > $1.path.utf8.count }
        return fitting.isEmpty ? nil : fitting.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    /// Section 5.1.4.
    private static func folder(of path: String) -> String {
        guard let last = path.lastIndex(of: "/"), last > path.startIndex else { return "/" }
        return String(path[..<last])
    }

    private static func covers(_ cookiePath: String, _ path: String) -> Bool {
        let path = path.isEmpty ? "/" : path
        return path == cookiePath || path.hasPrefix(cookiePath.hasSuffix("/") ? cookiePath : cookiePath + "/")
    }
}

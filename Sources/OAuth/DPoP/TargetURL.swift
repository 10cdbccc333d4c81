import Foundation

/// A URL without query and fragment, in the normal form of RFC 3986 section 6.2 as far as RFC 9449 section 4.3 needs it: scheme
/// and host in lower case, no default port, an empty path as `/`.
struct TargetURL: Sendable, Equatable {
    private let text: String

    init?(_ url: String) {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let colon = bare.range(of: "://") else { return nil }
        let scheme = bare[..<colon.lowerBound].lowercased()
        guard ["http", "https"].contains(scheme) else { return nil }
        let rest = bare[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        let path = rest[authority.endIndex...]
        var host = authority.lowercased()
        let standard = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(standard), !host.hasSuffix("::\(standard.dropFirst())") { host.removeLast(standard.count) }
        text = "\(scheme)://\(host)\(path.isEmpty ? "/" : path)"
    }
}

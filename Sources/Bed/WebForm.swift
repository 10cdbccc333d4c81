import Foundation

/// `application/x-www-form-urlencoded` (WHATWG URL section 5), in bodies and in queries.
enum WebForm {
    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    static func escape(_ text: String) -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*"
        return text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: plain)) ?? ""
    }

    /// The pairs of a query or a body, in their order.
    static func decode(_ text: some StringProtocol) -> [(String, String)] {
        text.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { half in
                String(half.map { $0 == "+" ? " " : $0 }).removingPercentEncoding ?? String(half)
            }
            return (halves[0], halves.count > 1 ? halves[1] : "")
        }
    }

    /// A parameter in the query of a URL; nil when it is not there, or more than once.
    static func value(_ name: String, in url: String) -> String? {
        guard let question = url.firstIndex(of: "?") else { return nil }
        let query = url[url.index(after: question)...].prefix { $0 != "#" }
        let values = decode(query).filter { $0.0 == name }
        return values.count == 1 ? values[0].1 : nil
    }
}

import Foundation

/// Values of the claim `aud` that are almost a server's name.
package struct AudienceLookalike: Sendable {
    private let own: String

    /// - Parameter own: The server's address, which its tokens are for.
    package init(of own: String) { self.own = own }

    /// - Parameter how: One of `Bend.audiences`.
    /// - Returns: The value in JSON; nil where what is to be different is not there: an address has no letters to write large, perhaps.
    /// - Throws: `BedError` when there is no such word.
    package func claim(_ how: String) throws -> String? {
        switch how {
        case "suffix": quoted(own + ".evil.example")
        case "shorter": quoted(String(own.dropLast()))
        case "dot-segments": quoted(own + "/../mcp")
        case "upper-case-path": upperCasePath.map(quoted)
        case "other-port": otherPort.map(quoted)
        case "http": otherProtocol.map(quoted)
        case "slash": quoted(own + "/")
        case "query": quoted(own + "?x=1")
        case "list-with-it": #"["https://other.example/mcp",\#(quoted(own))]"#
        case "list-without-it": #"["https://other.example/mcp","https://third.example/mcp"]"#
        case "list-in-list": "[[\(quoted(own))]]"
        case "empty": "\"\""
        case "empty-list": "[]"
        case "null": "null"
        case "number": "7"
        default: throw BedError("there is no audience called \(how)")
        }
    }

    private func quoted(_ text: String) -> String { "\"\(text)\"" }

    /// The rest of an address is the same whether it is written large or small (RFC 3986 section 6.2.2.1), the path is not.
    private var upperCasePath: String? {
        guard let path = URLComponents(string: own)?.percentEncodedPath, path.uppercased() != path,
            let place = own.range(of: path, options: .backwards)
        else { return nil }
        return own.replacingCharacters(in: place, with: path.uppercased())
    }

    private var otherPort: String? {
        guard var parts = URLComponents(string: own), let port = parts.port else { return nil }
        parts.port = port == 65535 ? 1 : port + 1
        return parts.string
    }

    private var otherProtocol: String? {
        guard let name = ["https": "http", "http": "https"][URLComponents(string: own)?.scheme ?? ""] else { return nil }
        return name + own.drop { $0 != ":" }
    }
}

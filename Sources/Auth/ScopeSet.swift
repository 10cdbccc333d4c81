/// A set of OAuth scope tokens (RFC 6749 section 3.3), written with spaces between them.
package struct ScopeSet: Sendable, Hashable {
    package private(set) var scopes: Set<String>

    package init(_ scopes: some Sequence<String>) {
        self.scopes = Set(scopes)
    }

    /// Reads a space-delimited list, or nil when a token has a character that RFC 6749 section 3.3 does not allow.
    package init?(parsing text: String) {
        let tokens = text.split(separator: " ", omittingEmptySubsequences: true)
        for token in tokens where !token.utf8.allSatisfy(Self.isScopeCharacter) {
            return nil
        }
        scopes = Set(tokens.map(String.init))
    }

    package var isEmpty: Bool { scopes.isEmpty }

    package func contains(_ scope: String) -> Bool { scopes.contains(scope) }

    package func isSuperset(of other: ScopeSet) -> Bool { scopes.isSuperset(of: other.scopes) }

    package func subtracting(_ other: ScopeSet) -> ScopeSet { ScopeSet(scopes.subtracting(other.scopes)) }

    package func intersection(_ other: ScopeSet) -> ScopeSet { ScopeSet(scopes.intersection(other.scopes)) }

    private static func isScopeCharacter(_ byte: UInt8) -> Bool {
        byte == 0x21 || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
    }
}

extension ScopeSet: CustomStringConvertible, ExpressibleByArrayLiteral {
    /// The tokens in order, separated by spaces, so that equal sets print alike.
    package var description: String { scopes.sorted().joined(separator: " ") }

    package init(arrayLiteral elements: String...) { self.init(elements) }
}

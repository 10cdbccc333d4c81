/// Which scopes include others: whoever has `mcp:write` may have `mcp:read` with it, if the server says so.
package struct ScopeHierarchy: Sendable, Hashable {
    private let included: [String: Set<String>]

    /// - Parameter included: By scope, those that it includes directly.
    package init(_ included: [String: [String]]) {
        self.included = included.mapValues(Set.init)
    }

    /// The set and everything that is included in it, however many steps away.
    package func expand(_ scopes: ScopeSet) -> ScopeSet {
        var expanded = scopes.scopes
        var open = Array(expanded)
        while let scope = open.popLast() {
            for next in included[scope] ?? [] where expanded.insert(next).inserted { open.append(next) }
        }
        return ScopeSet(expanded)
    }
}

import OAuth

/// The parameters of a query or form (`application/x-www-form-urlencoded`), every value of each.
package struct FormParameters: Sendable, Equatable {
    package let values: [String: [String]]

    package init(_ values: [String: [String]]) {
        self.values = values
    }

    /// Nil for a broken escape, or what is no UTF-8 behind it.
    package init?(parsing text: String) {
        guard let pairs = FormEncoding.pairs(text.utf8) else { return nil }
        var values: [String: [String]] = [:]
        for (name, value) in pairs { values[name, default: []].append(value) }
        self.values = values
    }

    /// The value of a parameter that is there exactly once: given twice, nobody can say which one is meant (RFC 6749 section 3.1).
    package subscript(name: String) -> String? {
        guard let all = values[name], all.count == 1 else { return nil }
        return all[0]
    }
}

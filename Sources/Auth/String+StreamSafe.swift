extension String {
    /// Whether it is in the Stream-Safe Text Format: at most thirty marks in a row combine with what stands before them (Unicode
    /// Standard Annex #15, section 13). No language needs more.
    ///
    /// To be asked of all text that a stranger sends, before it is compared or looked up: Swift puts marks in order then, which takes
    /// time that grows with the square of their number, minutes for what fits into one request.
    package var isStreamSafe: Bool {
        // The first mark of all is U+0300, which begins with 0xCC.
        guard utf8.count > 60, utf8.contains(where: { $0 >= 0xCC }) else { return true }
        var marks = 0
        for scalar in unicodeScalars {
            marks = Self.isMark(scalar) ? marks + 1 : 0
            if marks > 30 { return false }
        }
        return true
    }

    /// Three are no marks themselves, and fall apart into marks.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: false
        case 0xF73, 0xF75, 0xF81: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }
}

/// Reads `WWW-Authenticate` strictly (RFC 9110 sections 11.2, 11.3 and 11.6.1).
enum ChallengeSyntax {
    struct Challenge: Equatable {
        var scheme: String
        /// Names in lower case.
        var parameters: [String: String] = [:]
    }

    /// Nil for anything that is not a list of challenges.
    static func read(_ text: String) -> [Challenge]? {
        var reader = Reader(rest: text.unicodeScalars[...])
        return reader.challenges()
    }

    private struct Reader {
        var rest: Substring.UnicodeScalarView

        mutating func challenges() -> [Challenge]? {
            var found: [Challenge] = []
            var needsComma = false
            while true {
                skipBlanks()
                if rest.isEmpty { return found.isEmpty ? nil : found }
                let comma = rest.first == ","
                while skip(",") || skip(" ") || skip("\t") {}
                if rest.isEmpty { return found.isEmpty ? nil : found }
                guard comma || !needsComma, let word = token() else { return nil }
                let behind = rest
                skipBlanks()
                if skip("=") {
                    guard !found.isEmpty, let value = value() else { return nil }
                    let name = word.lowercased()
                    // A parameter twice would be read differently by different readers.
                    guard found[found.count - 1].parameters.updateValue(value, forKey: name) == nil else { return nil }
                    needsComma = true
                } else {
                    rest = behind
                    guard rest.isEmpty || rest.first == " " || rest.first == "," else { return nil }
                    found.append(Challenge(scheme: word))
                    needsComma = false
                }
            }
        }

        private mutating func value() -> String? {
            skipBlanks()
            return rest.first == "\"" ? quoted() : token()
        }

        private mutating func token() -> String? {
            let word = rest.prefix { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9": true
                default: "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
                }
            }
            rest = rest[word.endIndex...]
            return word.isEmpty ? nil : String(Substring(word))
        }

        /// RFC 9110 section 5.6.4.
        private mutating func quoted() -> String? {
            guard skip("\"") else { return nil }
            var value = ""
            while let scalar = rest.popFirst() {
                switch scalar {
                case "\"": return value
                case "\\":
                    guard let escaped = rest.popFirst(), escaped == "\t" || (" "..."~").contains(escaped) else { return nil }
                    value.unicodeScalars.append(escaped)
                case "\t", " "..."~": value.unicodeScalars.append(scalar)
                default: return nil
                }
            }
            return nil
        }

        private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func skipBlanks() { while skip(" ") || skip("\t") {} }
    }
}

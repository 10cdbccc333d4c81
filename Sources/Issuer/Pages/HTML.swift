/// A piece of HTML. What is put into one is escaped, unless it is HTML itself: `"<b>\(name)</b>"` is safe whatever the name is.
struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    private init(text: String) { self.text = text }

    static let nothing: HTML = ""

    static func joined(_ pieces: some Sequence<HTML>) -> HTML { HTML(text: pieces.map(\.text).joined(separator: "\n")) }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ html: HTML) { text += html.text }

        /// Good between tags and in quoted attributes.
        mutating func appendInterpolation(_ value: String) {
            for scalar in value.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                case _ where Self.misleads(scalar): text += "\u{FFFD}"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }

        mutating func appendInterpolation(_ value: Int) { text += "\(value)" }

        /// Control characters, and those that turn the direction of what follows, or hide; not those that join letters.
        private static func misleads(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n" && scalar != "\t"
            case .format: !["\u{200C}", "\u{200D}"].contains(scalar)
            case .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }
}

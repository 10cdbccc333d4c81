/// Flat members rather than nested ones, so that a script reads `.lower` and `.upper` and need not know Swift's enums.
extension MeasureResult {
    private enum Keys: String, CodingKey {
        case name, kind, words, evidence, lower, upper, seenOpen, count, of, value, unit, why
    }

    private enum Kind: String, Codable {
        case window, count, fact, notOffered = "not-offered", missing
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(name, forKey: .name)
        try container.encode(words, forKey: .words)
        try container.encode(evidence, forKey: .evidence)
        switch value {
        case .window(let bracket):
            try container.encode(Kind.window, forKey: .kind)
            try container.encode(bracket.lower, forKey: .lower)
            try container.encode(bracket.upper, forKey: .upper)
            try container.encode(bracket.seenOpen, forKey: .seenOpen)
            try container.encode("s", forKey: .unit)
        case .count(let count, let of):
            try container.encode(Kind.count, forKey: .kind)
            try container.encode(count, forKey: .count)
            try container.encode(of, forKey: .of)
        case .fact(let value, let unit):
            try container.encode(Kind.fact, forKey: .kind)
            try container.encode(value, forKey: .value)
            try container.encode(unit, forKey: .unit)
        case .notOffered(let why):
            try container.encode(Kind.notOffered, forKey: .kind)
            try container.encode(why, forKey: .why)
        case .missing(let why):
            try container.encode(Kind.missing, forKey: .kind)
            try container.encode(why, forKey: .why)
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        name = try container.decode(String.self, forKey: .name)
        evidence = try container.decode([Int].self, forKey: .evidence)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .window:
            value = .window(
                Bracket(
                    lower: try container.decode(Double.self, forKey: .lower),
                    upper: try container.decodeIfPresent(Double.self, forKey: .upper),
                    seenOpen: try container.decode(Bool.self, forKey: .seenOpen)))
        case .count: value = .count(try container.decode(Int.self, forKey: .count), of: try container.decode(Int.self, forKey: .of))
        case .fact:
            value = .fact(try container.decode(Double.self, forKey: .value), unit: try container.decode(String.self, forKey: .unit))
        case .notOffered: value = .notOffered(try container.decode(String.self, forKey: .why))
        case .missing: value = .missing(try container.decode(String.self, forKey: .why))
        }
    }
}

import Foundation

/// Scenario and scheme are embedded in a trace as JSON text, so that an old trace can be judged without their files.
extension Scenario {
    package func json() throws -> String { try EmbeddedJSON.text(self) }
    package init(json: String) throws { self = try EmbeddedJSON.value(json) }
}

extension Scheme {
    package func json() throws -> String { try EmbeddedJSON.text(self) }
    package init(json: String) throws { self = try EmbeddedJSON.value(json) }
}

private enum EmbeddedJSON {
    /// Sorted, so that the same file gives the same text in every run.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}

import Foundation
import OAuth

/// Writes JSON that was read.
enum JSONText {
    /// nil for what has a number that JSON cannot write.
    static func encode(_ value: JSONValue) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(WrittenJSON(value)) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}

/// JSON that was read, as part of something that is written.
struct WrittenJSON: Encodable {
    private let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .object(let members): try container.encode(members.mapValues { WrittenJSON($0) })
        case .array(let elements): try container.encode(elements.map { WrittenJSON($0) })
        case .string(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .bool(let bool): try container.encode(bool)
        case .null: try container.encodeNil()
        }
    }
}

import Foundation

/// Decodes a value and watches which members it asks for.
struct Strict<Value: Decodable>: Decodable {
    let value: Value

    init(from decoder: any Decoder) throws {
        // Foundation decodes these from single values, with names of its own for their members.
        guard !(Value.self is Date.Type || Value.self is Data.Type || Value.self is URL.Type || Value.self is Decimal.Type) else {
            value = try decoder.singleValueContainer().decode(Value.self)
            return
        }
        let asked = AskedMembers()
        value = try Value(from: WatchingDecoder(base: decoder, asked: asked))
        guard asked.isKeyed, let present = try? decoder.container(keyedBy: AnyKey.self) else { return }
        for key in present.allKeys.map(\.stringValue).sorted() where !asked.names.contains(key) {
            let member = ConfigurationDecoding.name(decoder.codingPath + [AnyKey(stringValue: key)])
            throw ConfigurationDecoding.Failure(member: member, message: "is not known")
        }
    }
}

/// The members that one value asked for.
final class AskedMembers {
    var names: Set<String> = []
    var isKeyed = false
}

struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

private struct WatchingDecoder: Decoder {
    let base: any Decoder
    let asked: AskedMembers
    var codingPath: [any CodingKey] { base.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        asked.isKeyed = true
        return KeyedDecodingContainer(WatchingKeyedContainer(base: try base.container(keyedBy: type), asked: asked))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        WatchingUnkeyedContainer(base: try base.unkeyedContainer())
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        WatchingSingleValueContainer(base: try base.singleValueContainer(), decoder: self)
    }
}

private struct WatchingKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let base: KeyedDecodingContainer<Key>
    let asked: AskedMembers
    var codingPath: [any CodingKey] { base.codingPath }
    /// A dictionary asks for every member there is.
    var allKeys: [Key] {
        asked.names.formUnion(base.allKeys.map(\.stringValue))
        return base.allKeys
    }

    func contains(_ key: Key) -> Bool {
        asked.names.insert(key.stringValue)
        return base.contains(key)
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        asked.names.insert(key.stringValue)
        return try base.decodeNil(forKey: key)
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        asked.names.insert(key.stringValue)
        return try base.decode(Strict<Value>.self, forKey: key).value
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        asked.names.insert(key.stringValue)
        return try base.nestedContainer(keyedBy: type, forKey: key)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        asked.names.insert(key.stringValue)
        return WatchingUnkeyedContainer(base: try base.nestedUnkeyedContainer(forKey: key))
    }

    func superDecoder() throws -> any Decoder { try base.superDecoder() }
    func superDecoder(forKey key: Key) throws -> any Decoder { try base.superDecoder(forKey: key) }
}

private struct WatchingUnkeyedContainer: UnkeyedDecodingContainer {
    var base: any UnkeyedDecodingContainer
    var codingPath: [any CodingKey] { base.codingPath }
    var count: Int? { base.count }
    var isAtEnd: Bool { base.isAtEnd }
    var currentIndex: Int { base.currentIndex }

    mutating func decodeNil() throws -> Bool { try base.decodeNil() }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try base.decode(Strict<Value>.self).value }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try base.nestedContainer(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        WatchingUnkeyedContainer(base: try base.nestedUnkeyedContainer())
    }
    mutating func superDecoder() throws -> any Decoder { try base.superDecoder() }
}

private struct WatchingSingleValueContainer: SingleValueDecodingContainer {
    let base: any SingleValueDecodingContainer
    let decoder: WatchingDecoder
    var codingPath: [any CodingKey] { base.codingPath }

    func decodeNil() -> Bool { base.decodeNil() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        // Primitives answer to the container itself; anything else, such as the value inside an optional, is watched in turn.
        Value.self is any LosslessStringConvertible.Type ? try base.decode(type) : try base.decode(Strict<Value>.self).value
    }
}

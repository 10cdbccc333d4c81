import struct Foundation.Data

/// The header fields of MCP on a request, every value of each as it came.
package struct RequestHeaders: Sendable, Hashable {
    package var protocolVersion: [String]
    package var method: [String]
    package var name: [String]
    package var session: [String]

    package init(protocolVersion: [String] = [], method: [String] = [], name: [String] = [], session: [String] = []) {
        self.protocolVersion = protocolVersion
        self.method = method
        self.name = name
        self.session = session
    }

    package static let protocolVersionField = "MCP-Protocol-Version"
    package static let methodField = "Mcp-Method"
    package static let nameField = "Mcp-Name"
    package static let sessionField = "MCP-Session-Id"
    package static let protocolVersionMember = "io.modelcontextprotocol/protocolVersion"
    package static let capabilitiesMember = "io.modelcontextprotocol/clientCapabilities"

    /// The version a message is in, checked against everything it says of itself.
    ///
    /// A message is taken for one of the stateless era when its header or its `_meta` says so, and must then be
    /// complete: version, method and name in the header as in the body (2026-07-28, Server Validation), version and
    /// capabilities in `_meta` (index, `_meta`).
    package func validate(_ message: RPCMessage) throws(RPCError) -> ProtocolVersion {
        guard protocolVersion.count <= 1 else { throw .headerMismatch("more than one \(Self.protocolVersionField)") }
        let inBody = message.meta[Self.protocolVersionMember]
        guard let header = protocolVersion.first else {
            guard inBody == nil else { throw .headerMismatch("\(Self.protocolVersionField) is missing") }
            return .assumed
        }
        guard let version = ProtocolVersion(rawValue: header) else { throw .unsupportedVersion(header) }
        if version.era == .stateless {
            try validateStateless(message, version: version, inBody: inBody)
        } else if let inBody, inBody.string != header {
            throw .headerMismatch("\(Self.protocolVersionField) and _meta name different versions")
        }
        return version
    }

    private func validateStateless(_ message: RPCMessage, version: ProtocolVersion, inBody: JSONValue?) throws(RPCError) {
        // The revision defines no header requirements for notifications.
        if message.isNotification { return }
        if let inBody, inBody.string != version.rawValue {
            throw .headerMismatch("\(Self.protocolVersionField) and _meta name different versions")
        }
        try Self.match(method, of: Self.methodField, with: message.method)
        if message.isNamed {
            guard let name = message.name else { throw .invalidParameters("A name is required") }
            try Self.match(self.name.map { Self.decode($0) ?? "" }, of: Self.nameField, with: name)
        } else if !name.isEmpty {
            throw .headerMismatch("\(Self.nameField) does not belong to this method")
        }
        guard inBody != nil else { throw .invalidParameters("_meta lacks \(Self.protocolVersionMember)") }
        guard message.meta[Self.capabilitiesMember]?.object != nil else {
            throw .invalidParameters("_meta lacks \(Self.capabilitiesMember)")
        }
    }

    private static func match(_ values: [String], of field: String, with expected: String) throws(RPCError) {
        guard let value = values.first else { throw .headerMismatch("\(field) is missing") }
        guard values.count == 1 else { throw .headerMismatch("more than one \(field)") }
        // Byte for byte: Swift's `==` would call two spellings of an accented letter equal.
        guard value.utf8.elementsEqual(expected.utf8) else { throw .headerMismatch("\(field) differs from the body") }
    }

    /// A value as it travels in a field: as it is, or by the Base64 sentinel where it is not plain ASCII (Value Encoding).
    package static func encode(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
        let isTrimmed = value.utf8.first.map { $0 > 0x20 } ?? true && value.utf8.last.map { $0 > 0x20 } ?? true
        if isPlain, isTrimmed, !(value.hasPrefix("=?base64?") && value.hasSuffix("?=")) { return value }
        return "=?base64?\(Data(value.utf8).base64EncodedString())?="
    }

    /// The value a field stands for; nil for a broken sentinel or characters a field may not have.
    package static func decode(_ field: String) -> String? {
        guard field.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else { return nil }
        guard field.hasPrefix("=?base64?"), field.hasSuffix("?="), field.utf8.count >= 11 else { return field }
        guard let data = Data(base64Encoded: String(field.dropFirst(9).dropLast(2))) else { return nil }
        return String(validating: data, as: UTF8.self)
    }
}

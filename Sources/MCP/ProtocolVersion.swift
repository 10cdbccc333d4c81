/// The revisions of MCP that are spoken here.
package enum ProtocolVersion: String, Sendable, Hashable, CaseIterable, Codable {
    case v2026_07_28 = "2026-07-28"
    case v2025_11_25 = "2025-11-25"
    case v2025_06_18 = "2025-06-18"
    case v2025_03_26 = "2025-03-26"

    package var era: Era { self == .v2026_07_28 ? .stateless : .stateful }

    /// What an `initialize` request is answered with when it asks for a revision that is not known here.
    package static let newestStateful = ProtocolVersion.v2025_11_25

    /// The version meant by a request without the `MCP-Protocol-Version` field (2025-11-25, Protocol Version Header).
    package static let assumed = ProtocolVersion.v2025_03_26
}

/// The two ways to hold a conversation over Streamable HTTP.
package enum Era: String, Sendable, Hashable, CaseIterable, Codable {
    /// 2026-07-28: every request stands alone and describes itself.
    case stateless = "2026-07-28"
    /// 2025-11-25 and before: `initialize` opens a session, DELETE ends it.
    case stateful = "2025-11-25"
}

/// One way in which a caller can prove who it is.
package enum Layer: String, Sendable, Hashable, CaseIterable, Codable {
    case apiKey = "api-key"
    case token
    case certificate
}

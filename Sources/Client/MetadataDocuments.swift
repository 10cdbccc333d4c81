import MCP

/// Fetches public documents, without a credential.
struct MetadataDocuments: Sendable {
    let exchange: HTTPExchange

    /// The document, or nil when there is none at that address.
    func get(_ address: WebAddress) async throws(ClientError) -> JSONValue? {
        let answer = try await exchange(HTTPCall(.get, address, fields: ["Accept": "application/json"]))
        switch answer.status {
        case 200: break
        case 400...499: return nil
        case let status: throw .violation("\(address.text) answered \(status)", status: status)
        }
        guard answer.mediaType == "application/json" else { throw .violation("\(address.text) is not JSON", status: 200) }
        guard let document = try? JSONValue(parsing: answer.body), document.object != nil else {
            throw .violation("\(address.text) is not a JSON object", status: 200)
        }
        return document
    }
}

import Yams

/// Reads what a scenario has the issuer told.
enum IssuerSettingsReader {
    static func settings(_ node: Node, _ reader: SourceReader) -> IssuerSettings? {
        guard let fields = Fields(node, "'issuer'", reader) else { return nil }
        defer { fields.end() }
        return reader.truth(fields.required("private-documents")).map { IssuerSettings(privateDocuments: $0) }
    }
}

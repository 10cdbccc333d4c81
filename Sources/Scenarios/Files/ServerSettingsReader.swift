import Yams

/// Reads what a scenario has the server told: a closed list of settings. Times are whole seconds.
enum ServerSettingsReader {
    static func settings(_ node: Node, _ reader: SourceReader) -> ServerSettings? {
        guard let fields = Fields(node, "'server'", reader) else { return nil }
        defer { fields.end() }
        let settings = ServerSettings(
            jwksMaxAge: seconds(fields.optional("jwks-max-age"), in: 1...86_400, reader),
            jwksOutage: seconds(fields.optional("jwks-outage"), in: 0...86_400, reader),
            introspectionCache: seconds(fields.optional("introspection-cache"), in: 0...3600, reader),
            ocspMaxAge: seconds(fields.optional("ocsp-max-age"), in: 0...86_400, reader),
            listRefresh: seconds(fields.optional("list-refresh"), in: 1...86_400, reader),
            trust: fields.optional("trust").flatMap { reader.oneOrMore($0, "bundles of authorities") { reader.label($0) } },
            maxChain: fields.optional("max-chain").flatMap { reader.whole($0, in: 2...20) },
            handshake: seconds(fields.optional("handshake"), in: 1...60, reader),
            tenants: fields.optional("tenants").flatMap { tenants($0, reader) },
            refusalsPerMinute: reader.whole(fields.optional("refusals-per-minute"), in: 1...100_000),
            upstream: fields.optional("upstream").flatMap { reader.truth($0) })
        if settings == ServerSettings(), fields.keys.isEmpty { reader.report(node, "'server' says nothing; leave it out") }
        return settings
    }

    private static func tenants(_ node: Node, _ reader: SourceReader) -> [String: String]? {
        guard case .mapping(let mapping) = node, mapping.count > 1 else {
            reader.report(node, "expected at least two principals with their tenants, such as { alice: north, bob: south }")
            return nil
        }
        var tenants: [String: String] = [:]
        for (key, value) in mapping {
            if let principal = reader.label(key), let tenant = reader.label(value) { tenants[principal] = tenant }
        }
        return tenants
    }

    private static func seconds(_ node: Node?, in range: ClosedRange<Int>, _ reader: SourceReader) -> Int? {
        guard let node, let duration = reader.duration(node) else { return nil }
        guard let seconds = Int(exactly: duration), range.contains(seconds) else {
            reader.report(
                node, "expected whole seconds from \(range.lowerBound)s to \(range.upperBound)s, not '\(node.scalar?.string ?? "")'")
            return nil
        }
        return seconds
    }
}

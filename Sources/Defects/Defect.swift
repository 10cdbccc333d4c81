package import Client
package import Issuer
package import Server

/// One thing bent in a subject. Its identifier is the one in `defects/`, where its kill set stands.
package struct Defect: Sendable {
    package enum Bend: Sendable {
        case server(@Sendable (inout ServerParts) -> Void)
        case issuer(@Sendable (inout IssuerParts) -> Void)
        case client(@Sendable (inout ClientParts) -> Void)
    }

    package let id: String
    package let bend: Bend

    init(_ id: String, server bend: @escaping @Sendable (inout ServerParts) -> Void) {
        self.id = id
        self.bend = .server(bend)
    }

    init(_ id: String, issuer bend: @escaping @Sendable (inout IssuerParts) -> Void) {
        self.id = id
        self.bend = .issuer(bend)
    }

    init(_ id: String, client bend: @escaping @Sendable (inout ClientParts) -> Void) {
        self.id = id
        self.bend = .client(bend)
    }

    /// Every defect there is.
    package static let all: [Defect] =
        keyDefects + tokenDefects + proofDefects + certificateDefects + requestDefects + outageDefects + sentinels + issuerSentinels
        + issuerDefects
        + clientDefects + clientVerificationDefects + clientConductDefects
        + doorDefects + bodyDefects + keyReadingDefects + scopeDefects + sessionDefects + claimDefects + introspectionDefects
        + signatureDefects + keySourceDefects + recordDefects + tenantDefects + abuseDefects + narrowKeyDefects + narrowTokenDefects
        + narrowProofDefects + narrowDoorDefects + channelDefects
        + rotationDefects + chainDefects + nameDefects + handshakeDefects
        + ocspDefects + listDefects
        + issuerTokenDefects + issuerClientDefects + issuerGrantDefects + issuerStateDefects
        + layerDefects

    /// - Returns: Nil when there is none of that name.
    package static func named(_ id: String) -> Defect? { all.first { $0.id == id } }
}

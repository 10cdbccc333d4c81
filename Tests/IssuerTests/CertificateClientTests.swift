import Auth
import Crypto
import Foundation
import Issuer
import MutualTLS
import OAuth
import Store
import SwiftASN1
import Testing
import X509

/// A client certificate made for a test.
private struct Shown {
    let der: [UInt8]
    var peer: PeerCertificate { get throws { try PeerCertificate(der: der) } }
    var pem: String { PEMDocument(type: "CERTIFICATE", derBytes: der).pemString }

    /// - Parameter issuer: nil: itself.
    init(
        _ commonName: String, issuer: String? = nil, uri: String = "https://client.example/alice",
        usage: ExtendedKeyUsage.Usage = .clientAuth
    ) throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: later(-60), notValidAfter: later(3600),
            issuer: try DistinguishedName { CommonName(issuer ?? commonName) }, subject: try DistinguishedName { CommonName(commonName) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                SubjectAlternativeNames([.uniformResourceIdentifier(uri)])
                try ExtendedKeyUsage([usage])
            },
            issuerPrivateKey: key)
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        der = serializer.serializedBytes
    }
}

@Suite("Clients known by their certificates")
struct CertificateClientTests {
    private func client(_ authentication: ClientAuthentication, bend: (inout ClientRecord) -> Void = { _ in }) -> ClientRecord {
        var client = ClientRecord(id: "alice", scopes: ["mcp:read"], createdAt: start)
        client.authentication = authentication
        bend(&client)
        return client
    }

    private func outcome(_ client: ClientRecord, _ shown: Shown?, at now: Date = start) async throws -> String {
        let evidence = ClientEvidence(
            credentials: ClientCredentials(id: "alice", secret: Secret(""), method: .name),
            registration: ClientRegistration(client: client, secrets: []), certificate: try shown?.peer)
        return switch await ClientChecks.all().verify(evidence, at: now) {
        case .passed: "passed"
        case .refused(let refusal, let check): "\(check): \(refusal.reason.rawValue)"
        }
    }

    @Test("A name counts only where somebody vouches for it")
    func named() async throws {
        let client = client(.certificate) { $0.certificateName = "uri:https://client.example/alice" }
        #expect(try await outcome(client, Shown("alice", issuer: "CA")) == "passed")
        #expect(try await outcome(client, Shown("alice")) == "certificate: untrusted")
        #expect(try await outcome(client, Shown("alice", issuer: "CA", uri: "https://client.example/bob")) == "certificate: name")
        #expect(try await outcome(client, nil) == "certificate: missing")
        // The moment of notAfter belongs to it (RFC 5280 section 4.1.2.5).
        #expect(try await outcome(client, Shown("alice", issuer: "CA"), at: later(3600)) == "passed")
        #expect(try await outcome(client, Shown("alice", issuer: "CA"), at: later(3601)) == "certificate: expired")
    }

    @Test("A registered certificate counts by itself, and no other with its names")
    func selfSigned() async throws {
        let own = try Shown("alice")
        let thumbprint = try own.peer.thumbprint
        let client = client(.selfSignedCertificate) { $0.certificateThumbprint = thumbprint }
        #expect(try await outcome(client, own) == "passed")
        #expect(try await outcome(client, Shown("alice")) == "self-signed-certificate: name")
        #expect(try await outcome(client, Shown("alice", issuer: "CA")) == "self-signed-certificate: name")
        #expect(try await outcome(client, nil) == "self-signed-certificate: missing")
        #expect(try await outcome(client, own, at: later(3600)) == "passed")
        #expect(try await outcome(client, own, at: later(3601)) == "self-signed-certificate: expired")
        #expect(try await outcome(client, own, at: later(-61)) == "self-signed-certificate: expired")
        let serves = try Shown("alice", usage: .serverAuth)
        let registered = try serves.peer.thumbprint
        #expect(
            try await outcome(self.client(.selfSignedCertificate) { $0.certificateThumbprint = registered }, serves)
                == "self-signed-certificate: usage")
        #expect(try await outcome(self.client(.selfSignedCertificate), own) == "self-signed-certificate: name")
    }

    @Test("A registered certificate may stand in the client's key set")
    func keySet() async throws {
        let own = try Shown("alice")
        let jwks = #"{"keys":[{"kty":"EC","x5c":["\#(Data(own.der).base64EncodedString())","AAAA"]},{"x5c":[]},{"x5c":["!"]}]}"#
        #expect(try await outcome(client(.selfSignedCertificate) { $0.jwks = jwks }, own) == "passed")
        #expect(try await outcome(client(.selfSignedCertificate) { $0.jwks = jwks }, Shown("alice")) == "self-signed-certificate: name")
        #expect(RegisteredCertificates.thumbprints(jwks: Data("nonsense".utf8)) == [])
    }

    @Test("A file has one certificate, or none that counts")
    func files() throws {
        let own = try Shown("alice")
        #expect(try RegisteredCertificates.thumbprint(pem: own.pem) == own.peer.thumbprint)
        #expect(
            try RegisteredCertificates.thumbprint(pem: "Subject: alice\r\n" + own.pem.replacing("\n", with: "\r\n")) == own.peer.thumbprint)
        #expect(RegisteredCertificates.thumbprint(pem: own.pem + own.pem) == nil)
        #expect(RegisteredCertificates.thumbprint(pem: "") == nil)
        #expect(RegisteredCertificates.thumbprint(pem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") == nil)
    }

    @Test("No token is bound to a certificate that is neither vouched for nor registered")
    func bound() async throws {
        let bench = try await GrantBench()
        let own = try Shown("robot")
        var robot = ClientRecord(id: "robot", scopes: ["mcp:read"], resources: [GrantBench.resource], createdAt: start)
        robot.authentication = .selfSignedCertificate
        robot.certificateThumbprint = try own.peer.thumbprint
        robot.binding = .certificate
        _ = try await bench.administration().add(robot)
        var web = robot
        (web.id, web.authentication, web.certificateThumbprint) = ("bound", .secret, nil)
        let secret = try await bench.administration().add(web).secret?.reveal() ?? ""
        func ask(_ certificate: Shown?, basic: (String, String)? = nil) async throws -> GrantBench.Answer {
            let form = ["grant_type": "client_credentials"].merging(basic == nil ? ["client_id": "robot"] : [:]) { $1 }
            return try await bench.post("/oauth/token", form, basic: basic, certificate: try certificate?.peer, to: bench.endpoints())
        }
        let answer = try await ask(own)
        #expect(try await bench.introspect(answer.access)["cnf"] == .object(["x5t#S256": .string(try own.peer.thumbprint)]))
        #expect(try await ask(Shown("robot")).error == "invalid_client")
        #expect(try await ask(nil).error == "invalid_client")
        #expect(try await ask(own, basic: ("bound", secret)).error == "invalid_request")
        #expect(try await ask(Shown("any", issuer: "CA"), basic: ("bound", secret)).status == 200)
    }
}

import Auth
import Foundation
import HTTPTypes
import MutualTLS
import Server
import Testing
import X509

struct ForwardingTests {
    private let folder: CertificateFolder
    private let parts: ServerParts
    private let anchors: AnchorSet

    init() throws {
        folder = try CertificateFolder()
        let resources = try ServerResources(
            folder.configuration(
                #"""
                "clients":[{"uri":"spiffe://authbed.test/client/alice","principal":"alice","scopes":[]},
                           {"uri":"spiffe://authbed.test/client/bob","principal":"bob","scopes":[]}],
                "trusted_proxies":[{"uri":"spiffe://authbed.test/client/proxy"}]
                """#)
        ) { _ in }
        parts = ServerParts.standard(resources, endpoints: Endpoints(url: "https://localhost", hosts: ["localhost"]))
        anchors = parts.trust.current.authorities.anchors
    }

    private func judge(_ peer: PeerCertificate, _ fields: [(String, String)]) async throws -> (
        name: String?, reason: Reason?, detail: String?
    ) {
        var headers: HTTPFields = [:]
        for (name, value) in fields { headers.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        let now = parts.clock()
        let request = await parts.forwarding(parts, ServerRequest(id: "1", headers: headers, certificate: peer, handshake: anchors), now)
        let authentication = await parts.authenticate(parts, request, parts.policy, now)
        let record = authentication.record(of: request, at: now)
        return (authentication.principal?.name, record.reason, record.detail)
    }

    private func field(_ peer: PeerCertificate) throws -> String {
        ":" + Data(try CertificateFolder.der(peer.certificate)).base64EncodedString() + ":"
    }

    @Test("What a declared proxy passes on is who is calling, and the record says through whom")
    func proxy() async throws {
        let proxy = try folder.client("proxy")
        let result = try await judge(proxy, [("Client-Cert", field(folder.client("alice")))])
        #expect(result.name == "alice")
        #expect(result.detail == "by a proxy with the certificate \(proxy.serial)")
        // By itself it is nobody.
        #expect(try await judge(proxy, []).reason == .name)
    }

    @Test(
        "Everybody else's fields are not even read",
        arguments: [
            "Client-Cert", "X-Forwarded-Client-Cert", "X-SSL-Client-Cert", "ssl-client-cert", "X-SSL-Client-S-DN", "X-SSL-Client-Verify",
        ])
    func ignored(name: String) async throws {
        for value in [try field(folder.client("alice")), "SUCCESS", "CN=alice", "nonsense"] {
            #expect(try await judge(folder.client("bob"), [(name, value)]).name == "bob")
            #expect(try await judge(folder.client("intruder"), [(name, value)]).reason == .name)
            if name != "Client-Cert" { #expect(try await judge(folder.client("proxy"), [(name, value)]).reason == .name) }
        }
    }

    @Test("A certificate that is passed on is judged in full, since no handshake has seen it")
    func judged() async throws {
        let proxy = try folder.client("proxy")
        let stranger = try CertificateFolder.authority("Test CA")
        #expect(try await judge(proxy, [("Client-Cert", field(folder.client("alice", by: stranger)))]).reason == .untrusted)
        #expect(try await judge(proxy, [("Client-Cert", field(folder.client("intruder")))]).reason == .name)
        #expect(try await judge(proxy, [("Client-Cert", "nonsense")]).reason == .malformed)
        let alice = try field(folder.client("alice"))
        #expect(try await judge(proxy, [("Client-Cert", alice), ("Client-Cert", alice)]).reason == .ambiguous)
    }

    @Test("A proxy that is trusted no more passes nothing on, in a request that has begun either")
    func proxyGone() async throws {
        let other = try CertificateFolder.authority("Other CA")
        var headers: HTTPFields = [:]
        headers.append(
            HTTPField(name: try #require(HTTPField.Name("Client-Cert")), value: try field(folder.client("alice", by: other))))
        parts.trust.replace(TrustedAuthorities(anchors: [folder.ca.certificate, other.certificate]))
        let now = parts.clock()
        let handshake = parts.trust.current.authorities.anchors
        let request = await parts.forwarding(
            parts, ServerRequest(id: "1", headers: headers, certificate: try folder.client("proxy"), handshake: handshake), now)
        #expect(await parts.authenticate(parts, request, parts.policy, now).principal?.name == "alice")
        parts.trust.replace(TrustedAuthorities(anchors: [other.certificate]))
        guard case .denied(let refusal, _, _) = await parts.authenticate(parts, request, parts.policy, now).decision else {
            Issue.record("the proxy still counts")
            return
        }
        #expect(refusal.reason == .untrusted)
        #expect(refusal.detail.hasPrefix("its proxy: "))
    }
}

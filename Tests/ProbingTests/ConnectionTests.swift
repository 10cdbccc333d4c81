import Forging
import Foundation
import Probing
import Testing

@Suite("A probe's connections", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("A certificate that the peer trusts is accepted, over a full handshake each time")
    func mutualTLS() async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            let probe = try TestPKI.probe(as: "alice")
            for _ in 0..<2 {
                let answer = await probe.send(peer.get(), over: .newConnection)
                #expect(answer.text == "alice")
                #expect(answer.newConnection && !answer.resumed)
                #expect(answer.tlsVersion == "TLSv1.3")
                #expect(answer.endNanoseconds > answer.beginNanoseconds)
                #expect(answer.tlsMicroseconds >= answer.connectMicroseconds)
                #expect(answer.bytesSent > 0 && answer.bytesReceived > 0)
            }
            let count = await probe.send(peer.get("/connections"), over: .newConnection)
            #expect(count.text == "3")
        }
    }

    @Test("Files that were replaced, or cannot be read any more, count for the next connection")
    func replacedFiles() async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("authbed-replaced-\(UInt32.random(in: 0...UInt32.max))")
        try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? files.removeItem(at: folder) }
        let pki = try TestPKI.shared()
        let (ca, certificate, key) = (folder.path + "/ca.pem", folder.path + "/client.pem", folder.path + "/client.key")
        func put(_ file: String, at place: String) throws {
            try Data(contentsOf: URL(filePath: file)).write(to: URL(filePath: place), options: .atomic)
        }
        try put(pki.ca, at: ca)
        let probe = Probe(ca: ca, identity: ClientIdentity(certificate: certificate, key: key))
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            for name in ["alice", "bob"] {
                try put(pki.path(of: name).certificate, at: certificate)
                try put(pki.path(of: name).key, at: key)
                #expect(await probe.send(peer.get(), over: .newConnection).text == name)
            }
            try put(pki.path(of: "alice").key, at: key)
            #expect(await probe.send(peer.get(), over: .newConnection).dropped != nil)
            try put(pki.path(of: "bob").key, at: key)
            #expect(await probe.send(peer.get(), over: .newConnection).text == "bob")
            try Data(String(contentsOfFile: certificate, encoding: .utf8).dropLast(60).utf8).write(to: URL(filePath: certificate))
            #expect(await probe.send(peer.get(), over: .newConnection).dropped != nil)
            try put(pki.path(of: "bob").certificate, at: certificate)
            try put(pki.path(of: "lookalike-root").certificate, at: ca)
            #expect(await probe.send(peer.get(), over: .newConnection).dropped != nil)
            try files.removeItem(atPath: ca)
            #expect(await probe.send(peer.get(), over: .newConnection).dropped != nil)
            try put(pki.ca, at: ca)
            #expect(await probe.send(peer.get(), over: .newConnection).text == "bob")
        }
    }

    @Test("A kept connection is used again, and its replacement is not hidden")
    func kept() async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            let probe = try TestPKI.probe(as: "alice")
            let first = await probe.send(peer.get(), over: .kept)
            #expect(first.newConnection)
            _ = await probe.send(peer.get(), over: .newConnection)
            let second = await probe.send(peer.get("/close"), over: .kept)
            #expect(!second.newConnection)
            #expect(second.localPort == first.localPort)
            #expect(second.tlsVersion == "TLSv1.3")
            let third = await probe.send(peer.get(), over: .kept)
            #expect(third.status == 200)
            #expect(third.newConnection)
            #expect(third.localPort != first.localPort)
        }
    }

    @Test("A session is resumed over a connection of its own, and only where that was asked for", arguments: ["1.2", "1.3"])
    func resumed(highest: String) async throws {
        try await Peer.with(certificate: "server", asksForClients: true, highest: highest) { peer in
            let probe = try TestPKI.probe(as: "alice")
            #expect(await !probe.send(peer.get(), over: .newConnection).resumed)
            let first = await probe.send(peer.get(), over: .resumedSession)
            #expect(first.newConnection && !first.resumed)
            let second = await probe.send(peer.get(), over: .resumedSession)
            #expect(second.newConnection && second.resumed)
            #expect(second.text == "alice")
            #expect(second.tlsVersion == "TLSv\(highest)")
            #expect(await !probe.send(peer.get(), over: .newConnection).resumed)
            #expect(await !probe.send(peer.get(), over: .kept).resumed)
            #expect(try await !TestPKI.probe(as: "alice").send(peer.get(), over: .resumedSession).resumed)
        }
    }

    @Test("Another address can stand in for the URL's, whose name is still the one that is verified")
    func connectTo() async throws {
        try await Peer.with(certificate: "server") { peer in
            let probe = try TestPKI.probe()
            var request = ProbeRequest(
                method: "GET", url: "https://mcp-server.internal:1/", headers: [], body: [], timeout: 20,
                connectTo: "127.0.0.1:\(peer.port)")
            #expect(await probe.send(request, over: .newConnection).status == 200)
            request.url = "https://elsewhere.internal:1/"
            #expect(await probe.send(request, over: .newConnection).dropped != nil)
        }
    }

    @Test("A request carries the fields it was given, repeated and empty ones too, and none of libcurl's own making")
    func fields() async throws {
        try await Peer.with { peer in
            let probe = Probe(ca: nil, identity: nil)
            var request = peer.get("/echo")
            request.headers = ["a", "b", ""].map { ProbeHeader(name: "Authorization", value: $0) }
            let answer = await probe.send(request, over: .newConnection)
            let fields = try JSONDecoder().decode([[String]].self, from: Data((answer.text ?? "").utf8))
            #expect(fields.filter { $0[0] == "Authorization" }.map { $0[1] } == ["a", "b", ""])
            #expect(Set(fields.map { $0[0] }) == ["Host", "Accept", "Authorization"])
            request = ProbeRequest(method: "POST", url: peer.url, headers: [], body: [0, 255, 10], timeout: 20)
            #expect(await probe.send(request, over: .newConnection).text == #"{"type": null, "length": 3}"#)
            request.body = []
            #expect(await probe.send(request, over: .newConnection).text == #"{"type": null, "length": 0}"#)
        }
    }
}

import Foundation
import Probing
import Scenarios

/// TLS connections that begin in another way than the right one, and certificates that a proxy would have seen.
extension StimulusMaker {
    func handshake(_ how: String) throws -> Stimulus {
        var stimulus = Stimulus(fresh, "handshake: \(how)")
        if how.hasPrefix("no-certificate") { stimulus.credential.identity = nil }
        if how.hasSuffix("tls-1.2"), !how.hasPrefix("hello") { stimulus.change = { $0.tls = .tls12 } }
        if how.hasSuffix("tls-1.3") { stimulus.change = { $0.tls = .tls13 } }
        let port = try port
        switch how {
        case "tls-1.2", "tls-1.3", "no-certificate-tls-1.2", "no-certificate-tls-1.3": break
        case "hello-tls-1.2": stimulus.exchange = Self.greeting(.tls12, port)
        case "hello-tls-1.1": stimulus.exchange = Self.greeting(.tls11, port)
        case "hello-tls-1.0": stimulus.exchange = Self.greeting(.tls10, port)
        case "hello-ssl-3": stimulus.exchange = Self.greeting(.ssl3, port)
        case "plain-http":
            stimulus.exchange = { request in
                await RawExchange.send(Self.message(request, how), port: port, timeout: Self.patience)
            }
        case "garbage":
            stimulus.exchange = { _ in
                await TLSExchange.send((0..<512).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }, port: port, timeout: Self.patience)
            }
        case "slow":
            stimulus.exchange = { _ in
                await TLSExchange.send(TLSExchange.hello(.tls12), port: port, pause: 0.1, timeout: Self.patience)
            }
        case "long-chain": stimulus.credential.identity = try padded(by: 12)
        case "endless-chain": stimulus.credential.identity = try padded(by: 400)
        default: throw BedError("there is no handshake called \(how)")
        }
        return stimulus
    }

    /// Seconds that a server has to end what leads to nothing.
    private static let patience = 4.0

    private var port: Int {
        get throws {
            guard let port = URL(string: stage.world.serverURL)?.port else { throw BedError("the server's URL has no port") }
            return port
        }
    }

    private static func greeting(_ version: TLSExchange.Version, _ port: Int) -> @Sendable (ProbeRequest) async -> ProbeAnswer {
        { _ in await TLSExchange.send(TLSExchange.hello(version), port: port, timeout: patience) }
    }

    /// The baseline's certificate with so many copies of its issuer's behind it, which nobody needs.
    private func padded(by count: Int) throws -> ClientIdentity {
        guard let identity = baseline.identity else { throw BedError("\(baseline.name) has no certificate") }
        let path = "\(stage.world.folder)/chain-of-\(count).pem"
        let issuer = try String(contentsOfFile: stage.world.pki.named("intermediate").certificate, encoding: .utf8)
        let own = try String(contentsOfFile: identity.certificate, encoding: .utf8)
        try Documents.write(Data((own + String(repeating: issuer, count: count)).utf8), to: path)
        return ClientIdentity(certificate: path, key: identity.key)
    }

    // MARK: What a proxy would say

    /// Somebody else's certificate, in the field that some proxy uses for it.
    func forwarded(_ how: String) throws -> Stimulus {
        var stimulus = Stimulus(fresh, "forwarded: \(how)")
        if how == "client-cert-alone" { stimulus.credential.identity = nil }
        let pem = try String(contentsOfFile: stage.world.pki.named("bob").certificate, encoding: .utf8)
        guard let end = pem.range(of: "-----END CERTIFICATE-----") else { throw BedError("bob's certificate is none") }
        let first = String(pem[..<end.upperBound]) + "\n"
        let base64 = first.split(separator: "\n").dropFirst().dropLast().joined()
        let fields: [(String, String)] =
            switch how {
            case "client-cert", "client-cert-alone": [("Client-Cert", ":\(base64):")]
            case "xfcc":
                [
                    (
                        "X-Forwarded-Client-Cert",
                        #"Hash=\#(String(repeating: "0", count: 64));Subject="CN=bob";URI=\#(CellPKI.uri(of: "bob"))"#
                    )
                ]
            case "subject-fields":
                [
                    ("X-SSL-Client-Verify", "SUCCESS"), ("X-SSL-Client-S-DN", "CN=bob"), ("SSL-Client-Subject-DN", "CN=bob"),
                    ("X-Client-DN", "CN=bob"), ("X-Client-Verify", "SUCCESS"),
                ]
            case "pem-field": [("SSL-Client-Cert", WebForm.escape(first)), ("X-SSL-Cert", WebForm.escape(first))]
            default: throw BedError("there is no field called \(how)")
            }
        stimulus.change = { request in for (name, value) in fields { request.set(name, value) } }
        return stimulus
    }
}

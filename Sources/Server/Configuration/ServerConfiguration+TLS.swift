import MCP
import MutualTLS
import NIOCore
import Serving

extension ServerConfiguration {
    /// How much one caller may use, with what the operator says of it.
    var limits: Limits {
        var limits = Limits()
        limits.handshake = .seconds(Int64(handshakeSeconds))
        return limits
    }

    static func readTLS(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) -> TLS {
        var tls = TLS(
            certificate: try reader.requiredString("certificate"), key: try reader.requiredString("key"),
            clientCA: try reader.string("client_ca"), crl: try reader.string("crl"),
            intermediates: try reader.string("intermediates"))
        tls.crlRefreshSeconds = try reader.integer("crl_refresh_seconds", in: 1...86_400, default: tls.crlRefreshSeconds)
        tls.ocsp = try reader.object("ocsp", readOCSP)
        let versions = try reader.strings("versions")
        switch Set(versions) {
        case []: break
        case ["1.2", "1.3"]: tls.versions = .both
        case ["1.2"]: tls.versions = .tls12
        case ["1.3"]: tls.versions = .tls13
        default: throw reader.error("versions", "versions must be 1.2, 1.3 or both")
        }
        tls.maxChain = try reader.integer("max_chain", in: 2...20, default: tls.maxChain)
        return tls
    }

    private static func readOCSP(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) -> OCSP {
        let name = try reader.requiredString("mode")
        guard let mode = OCSP.Mode(rawValue: name) else { throw reader.error("mode", "mode must be hard or soft") }
        var ocsp = OCSP(mode: mode)
        ocsp.responder = try reader.string("responder")
        if let responder = ocsp.responder, !responder.isWebAddress {
            throw reader.error("responder", "responder must be an http or https URL")
        }
        ocsp.timeoutSeconds = try reader.integer("timeout_seconds", in: 1...30, default: ocsp.timeoutSeconds)
        ocsp.nonce = try reader.bool("nonce", default: ocsp.nonce)
        ocsp.maxAgeSeconds = try reader.integer("max_age_seconds", in: 0...86_400, default: ocsp.maxAgeSeconds)
        return ocsp
    }

    /// A proxy is known by name, as a client is, and is nobody here.
    static func readProxy(_ reader: inout ConfigurationReader) throws(ConfigurationProblem) -> Client {
        var proxy = Client(
            uri: try reader.string("uri"), dns: try reader.string("dns"), email: try reader.string("email"),
            ip: try reader.string("ip"), cn: try reader.string("cn"), issuer: try reader.string("issuer"),
            anchor: try reader.string("anchor"), principal: "proxy", scopes: [])
        guard let name = proxy.uri ?? proxy.dns ?? proxy.email ?? proxy.ip ?? proxy.cn else {
            throw reader.error(nil, "a proxy needs a uri, dns, email, ip or cn")
        }
        if let ip = proxy.ip, IPAddress(ip) == nil { throw reader.error("ip", "ip must be an IPv4 or IPv6 address") }
        proxy.principal = name
        return proxy
    }
}

extension String {
    /// Whether it is fetched rather than read from a file.
    var isWebAddress: Bool { hasPrefix("http://") || hasPrefix("https://") }
}

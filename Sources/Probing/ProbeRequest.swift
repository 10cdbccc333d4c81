/// One field of a request or an answer. Names may repeat.
package struct ProbeHeader: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// From a line of a head; nil when it has no colon. Line break and optional whitespace are left out (RFC 9112 section 5).
    init?(line: String) {
        let octets = line.utf8
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        name = String(line[..<colon])
        var value = line[octets.index(after: colon)...]
        while let first = value.utf8.first, Self.blanks.contains(first) { value = value[value.utf8.index(after: value.startIndex)...] }
        while let last = value.utf8.last, Self.blanks.contains(last) { value = value[..<value.utf8.index(before: value.endIndex)] }
        self.value = String(value)
    }

    private static let blanks = Array(" \t\r\n".utf8)

    /// Names are compared without regard to case (RFC 9110 section 5.1), and are of ASCII.
    package func isNamed(_ other: String) -> Bool {
        name.utf8.count == other.utf8.count && zip(name.utf8, other.utf8).allSatisfy { Self.lower($0) == Self.lower($1) }
    }

    private static func lower(_ octet: UInt8) -> UInt8 { (0x41...0x5A).contains(octet) ? octet | 0x20 : octet }
}

extension [ProbeHeader] {
    /// The value of the first field of that name.
    package func value(_ name: String) -> String? { first { $0.isNamed(name) }?.value }
}

/// What a probe sends.
package struct ProbeRequest: Sendable, Hashable {
    package var method: String
    package var url: String
    package var headers: [ProbeHeader]
    package var body: [UInt8]
    /// Seconds for the whole exchange.
    package var timeout: Double
    /// `HOST:PORT` to connect to instead of the URL's, as a proxy in between would have it; names are checked against the URL.
    package var connectTo: String?
    /// The address of this machine that it comes from, such as `127.0.0.2`; nil for the system's choice.
    package var source: String?
    /// The one version of TLS that is offered; nil for 1.2 and 1.3.
    package var tls: TLSVersion?

    /// Whether a client certificate is shown that no library would, its key or the signature over it being too weak.
    package var showsWeakCertificates = false

    /// Those that are still spoken.
    package enum TLSVersion: String, Sendable, Hashable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    package init(
        method: String, url: String, headers: [ProbeHeader], body: [UInt8], timeout: Double = 5, connectTo: String? = nil,
        source: String? = nil
    ) {
        self.source = source
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTo = connectTo
    }
}

/// A client certificate with its chain, and its private key: paths of PEM files.
package struct ClientIdentity: Sendable, Hashable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Over what a call travels.
package enum Channel: String, Sendable, Hashable, CaseIterable {
    /// A connection of its own with a full handshake, closed afterwards.
    case newConnection = "new-connection"
    /// The probe's open connection, opened when there is none.
    case kept
    /// A connection of its own that resumes the TLS session of an earlier one, where the server agrees.
    case resumedSession = "resumed-session"
}

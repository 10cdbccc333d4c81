/// Where a browser brings the answer of an authorization request: a place on this machine that this process listens at (RFC 8252 section 7.3).
package struct RedirectURI: Sendable, Hashable {
    /// `127.0.0.1`, `::1` or `localhost`.
    package let host: String
    /// 0: any that is free.
    package let port: Int
    /// Begins with a slash.
    package let path: String

    package static let expectation = "expected an address such as http://127.0.0.1:0/callback; port 0 stands for any that is free"
    package static let standard = RedirectURI(host: "127.0.0.1", port: 0, path: "/callback")

    private init(host: String, port: Int, path: String) {
        self.host = host
        self.port = port
        self.path = path
    }

    /// Nil for what is not plain HTTP at a loopback address, or has a query, a fragment or characters outside an address.
    package init?(_ text: String) {
        guard text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = String(rest[authority.endIndex...])
        for host in ["127.0.0.1", "[::1]", "localhost"] where authority == host || authority.hasPrefix("\(host):") {
            let digits = authority.dropFirst(host.count + 1)
            guard authority == host || !digits.isEmpty && digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let port = authority == host ? 80 : Int(digits), (0...65_535).contains(port),
                let address = WebAddress("http://\(host)\(path)"), address.query == nil, path.isEmpty || address.path == path
            else { return nil }
            self.init(host: host == "[::1]" ? "::1" : host, port: port, path: path.isEmpty ? "/" : path)
            return
        }
        return nil
    }

    /// As it goes into requests, with the port that was bound.
    package func text(port: Int) -> String { "http://\(authority(port: port))\(path)" }

    /// What the `Host` field of a request must say.
    package func authority(port: Int) -> String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? host : "\(host):\(port)"
    }
}

extension ProbeRequest {
    /// As it is sent on a connection that is written to directly (RFC 9112 section 3): the length of the body is added, and nothing else.
    package var octets: [UInt8] {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let target = rest[end...].prefix { $0 != "#" }
        var head = "\(method) \(target.hasPrefix("/") ? "" : "/")\(target) HTTP/1.1\r\nHost: \(rest[..<end])\r\n"
        for field in headers { head += "\(field.name): \(field.value)\r\n" }
        if !body.isEmpty || method == "POST" || method == "PUT" { head += "Content-Length: \(body.count)\r\n" }
        return Array("\(head)\r\n".utf8) + body
    }
}

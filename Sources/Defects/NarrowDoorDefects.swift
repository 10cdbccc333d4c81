import Auth
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Server
import Serving

extension Defect {
    /// Servers that fail one of several rules about requests and refusals that stand close together.
    static let narrowDoorDefects: [Defect] = [
        Defect(
            "server/challenges-with-basic",
            server: { parts in
                let right = parts.challenges
                parts.challenges = { parts, request, rejection in
                    guard rejection.refusal.reason == .missing else { return right(parts, request, rejection) }
                    var challenge = Challenge("Basic")
                    challenge.add("realm", "mcp")
                    return [challenge]
                }
            }),
        // As if the challenge were put together from what was sent, decoded.
        answering("server/decodes-what-it-repeats") { response, request in
            guard request.field("Authorization")?.contains("%0d%0a") == true, let name = HTTPField.Name("X-Injected") else { return }
            response.headers[name] = "1"
        },
        Defect(
            "server/waits-for-whole-bodies",
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    guard request.headers[.authorization] == nil, request.path == Path.mcp,
                        let length = request.headers[.contentLength].flatMap(Int.init), length > 4096, mayActNow()
                    else { return try await right(parts, request, content) }
                    let body = try await content()
                    return try await right(parts, request) { body }
                }
            }),
        Defect(
            "server/asks-by-the-letter-of-the-path",
            server: { parts in
                let right = parts.respond
                // Who is asked for a credential is decided by the path as it was sent, and what is done by the path as it is meant.
                parts.respond = { parts, request, content in
                    let meant = request.path.meant
                    guard meant == Path.mcp, request.path != meant, !request.path.hasSuffix("/"), !request.isOnHealthListener else {
                        return try await right(parts, request, content)
                    }
                    var (parts, request) = (parts, request)
                    (parts.policy, request.path) = (nil, meant)
                    return try await right(parts, request, content)
                }
            }),
        reading("server/refuses-all-pages") { request, _ in
            guard request.headers[.origin] == nil else { throw RequestRefusal(.forbidden, "no page may call") }
        },
        answering("server/calls-a-mismatch-an-invalid-request") { response, request in
            let (method, name) = (request.field("Mcp-Method"), request.field("Mcp-Name"))
            guard response.status == .badRequest, method != "tools/call" || name != "canary.write" else { return }
            let body = #"{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid Request"}}"#
            response.body = .init(byteBuffer: ByteBuffer(string: body))
            response.headers[.contentLength] = nil
        },
        answering("server/repeats-unknown-credentials") { response, request in
            let shown = request.headers[values: .authorization]
            guard response.status == .unauthorized, shown.count == 1, shown[0].hasPrefix("Bearer "),
                shown[0].count(where: { $0 == "." }) == 2
            else { return }
            response.body = .init(byteBuffer: ByteBuffer(string: #"{"error":"unknown token: \#(shown[0].dropFirst(7))"}"#))
            response.headers[.contentLength] = nil
        },
        printing("server/prints-parts-of-credentials") { request in
            // All of it but the end, which is what people know a key by.
            request.headers[values: .authorization].map { $0.dropLast(12) + "****" }.joined(separator: ", ")
        },
        printing("server/prints-addresses") { request in request.query.map { "\(request.method) \(request.path)?\($0)" } ?? "" },
        Defect(
            "server/forgets-whom-it-refused",
            server: { parts in
                let right = parts.audit
                parts.audit = { record, request in
                    var record = record
                    if record.decision == .refused { (record.principal, record.keyID, record.jti) = (nil, nil, nil) }
                    try await right(record, request)
                }
            }),
    ]

    /// - Parameter line: What is printed of a request; nothing where it is empty.
    private static func printing(_ id: String, _ line: @escaping @Sendable (ServerRequest) -> String) -> Defect {
        reading(id) { request, _ in
            let line = line(request)
            guard !line.isEmpty, mayActNow() else { return }
            FileHandle.standardError.write(Data("\(line)\n".utf8))
        }
    }
}

extension String {
    /// A path decoded, in small letters, without parameters, empty segments and detours.
    fileprivate var meant: String {
        let plain = (removingPercentEncoding ?? self).lowercased().prefix { $0 != ";" }
        var segments: [Substring] = []
        for segment in plain.split(separator: "/") {
            if segment == ".." { _ = segments.popLast() } else if segment != "." { segments.append(segment) }
        }
        return "/" + segments.joined(separator: "/")
    }
}

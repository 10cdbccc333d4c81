import Auth
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OAuth
import Server
import Synchronization

/// Shorthand for defects that read a request in another way than it was sent, and then do what is right.
extension Defect {
    /// - Parameter change: What the server makes of each request before it looks at it.
    static func reading(_ id: String, _ change: @escaping @Sendable (inout ServerRequest, ServerParts) throws -> Void) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    var request = request
                    try change(&request, parts)
                    return try await right(parts, request, content)
                }
            })
    }

    /// - Parameter change: What the server makes of the request and its body, as a JSON object, where it is one.
    /// - Parameter ofAnybody: Whether it waits for the bodies of those, too, who show nothing.
    static func readingBodies(
        _ id: String, ofAnybody: Bool = false, _ change: @escaping @Sendable (inout ServerRequest, inout [UInt8]) throws -> Void
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    var request = request
                    guard request.method == .post, request.path == Path.mcp, ofAnybody || request.headers[.authorization] != nil else {
                        return try await right(parts, request, content)
                    }
                    var body = try await content()
                    try change(&request, &body)
                    return try await right(parts, request) { [body] in body }
                }
            })
    }

    /// - Parameter change: What the server makes of each answer.
    static func answering(_ id: String, _ change: @escaping @Sendable (inout Response, ServerRequest) -> Void) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.respond
                parts.respond = { parts, request, content in
                    var response = try await right(parts, request, content)
                    change(&response, request)
                    return response
                }
            })
    }

    /// - Parameter judge: Decides in the right judge's place, or nil to leave it to him.
    static func judging(
        _ id: String, _ judge: @escaping @Sendable (ServerRequest, LayeredPolicy?) -> Authentication?
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                let right = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    if let outcome = judge(request, policy) { return outcome }
                    return await right(parts, request, policy, now)
                }
            })
    }
}

extension ServerRequest {
    func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    mutating func set(_ name: String, _ value: String?) {
        guard let name = HTTPField.Name(name) else { return }
        headers[name] = value
    }

    /// The parameters of the address, as a form has them.
    var parameters: [String: String] {
        var components = URLComponents()
        components.percentEncodedQuery = query
        return (components.queryItems ?? []).reduce(into: [:]) { $0[$1.name] = $1.value }
    }
}

/// A body as Foundation reads it: of two members of one name one is left.
enum LooseBody {
    static func object(_ body: [UInt8]) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
    }

    static func bytes(_ object: Any) -> [UInt8] {
        (try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])).map { [UInt8]($0) } ?? []
    }

    static func toolName(_ body: [UInt8]) -> String? { (object(body)?["params"] as? [String: Any])?["name"] as? String }
}

/// Ends the process at once, as an overflow of the stack would, and without the report that a Swift program writes then.
func breakDown() {
    guard mayActNow() else { return }
    kill(getpid(), SIGKILL)
    exit(1)
}

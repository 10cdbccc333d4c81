import Foundation
import Probing
import Scenarios

/// The endpoint for health checks, which an API key opens where clients must show certificates, and what must not be beside it.
extension StimulusMaker {
    func health(_ what: String) async throws -> [Stimulus] {
        guard let health = stage.world.healthURL,
            let root = health.range(of: "://").flatMap({ health[$0.upperBound...].firstIndex(of: "/") })
        else { throw BedError("the server has no listener for health checks") }
        let origin = String(health[..<root])
        switch what {
        case "key": return [request("with a key", to: health, showing: try await watchdog(), isCheck: true)]
        case "nothing": return [request("with nothing", to: health, showing: nil, isCheck: true)]
        case "wrong-key":
            let right = try await watchdog()
            let wrong = String(right.dropLast(4)) + (right.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            return [request("with a wrong key", to: health, showing: wrong, isCheck: true)]
        case "token": return [request("with a token", to: health, showing: baseline.authorization, isCheck: true)]
        case "tools-with-key":
            let key = try await watchdog()
            let paths = ["/mcp", "/mcp/tools/canary.write"] + Self.detours
            return paths.map { request("\($0) with a key", to: origin + $0, showing: key) }
                + [request("/mcp as X-Original-URL", to: health, showing: key, fields: ["X-Original-URL": "/mcp"])]
        case "tool-with-token": return [request("a tool with a token", to: origin + "/mcp", showing: baseline.authorization)]
        case "at-the-tools-port":
            let main = stage.world.serverURL.replacing("/mcp", with: "/health")
            return [request("where the tools are", to: main, showing: try await watchdog(), isCheck: true)]
        default: throw BedError("there is no health check called \(what)")
        }
    }

    /// Paths that lead to the tools where a path is tidied, decoded or matched by its beginning.
    private static let detours = ["/health/../mcp", "//mcp", "/%6dcp", "/mcp;x", "/HEALTH/mcp", "/health/mcp", "/mcp?/health"]

    /// What somebody shows who looks after servers.
    private func watchdog() async throws -> String { "Bearer \(try await issueKey(principal: "watchdog"))" }

    /// Without a certificate; a check of health, or the call of a tool.
    private func request(
        _ title: String, to url: String, showing authorization: String?, isCheck: Bool = false, fields: [String: String] = [:]
    ) -> Stimulus {
        var credential = fresh
        credential.identity = nil
        var stimulus = Stimulus(credential, "health: \(title)")
        stimulus.authorization = authorization.map { [$0] } ?? []
        stimulus.anySuccess = true
        stimulus.change = { request in
            request.url = url
            for (name, value) in fields { request.set(name, value) }
            guard isCheck else { return }
            (request.method, request.body) = ("GET", [])
            request.headers.removeAll { !$0.isNamed("Authorization") }
        }
        return stimulus
    }
}

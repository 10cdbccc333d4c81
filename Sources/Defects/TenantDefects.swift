import Auth
import Foundation
import MCP
import Server
import Serving
import Synchronization

extension Defect {
    /// Whose data a call sees. Right: the tenant of the credential, whatever else the request says.
    static let tenantDefects: [Defect] = [
        Defect(
            "server/knows-no-tenants",
            server: { parts in
                let right = parts.tenant
                parts.tenant = { caller, request in right(caller, request).map { _ in "everybody" } }
            }),
        Defect(
            "server/believes-the-tenant-field",
            server: { parts in
                let right = parts.tenant
                parts.tenant = { caller, request in request.field("X-Tenant-Id") ?? right(caller, request) }
            }),
        Defect(
            "server/believes-the-tenant-claim",
            server: { parts in
                let right = parts.tenant
                parts.tenant = { caller, request in request.claim("tenant") ?? right(caller, request) }
            }),
        forAllTenants("server/lists-everybodys-notes", "notes.list"),
        forAllTenants("server/keeps-one-note-of-a-name", "notes.write"),
        Defect(
            "server/shares-sessions-between-tenants",
            server: { parts in
                let right = parts.sessionOwner
                parts.sessionOwner = { caller in
                    var caller = caller
                    caller.tenant = nil
                    return right(caller)
                }
            }),
        Defect(
            "server/revokes-everybody-with-one",
            server: { parts in
                let struck = Mutex<Set<String>>([])
                parts.keys = parts.keys.replacing(
                    "not-revoked",
                    with: Check("not-revoked") { evidence, now in
                        let refusal = await APIKeyChecks.notRevoked(&evidence, at: now)
                        guard let tenant = evidence.record?.tenant else { return refusal }
                        return struck.withLock { struck in
                            if refusal != nil { struck.insert(tenant) }
                            return struck.isEmpty ? nil : refusal ?? Refusal(.revoked, "as one other key was")
                        }
                    })
            }),
    ]

    /// - Parameter name: The tool that does for every tenant it has seen what it is to do for the caller's. It makes nothing new.
    private static func forAllTenants(_ id: String, _ name: String) -> Defect {
        Defect(
            id,
            server: { parts in
                let seen = Mutex<Set<String?>>([])
                guard let reader = parts.tools.first(where: { $0.tool.name == "notes.read" }) else { return }
                parts.tools = parts.tools.map { tool in
                    guard tool.tool.name.hasPrefix("notes.") else { return tool }
                    return ServerTool(tool.tool, scopes: tool.scopes, objection: tool.objection) { (call) throws(ToolFailure) in
                        let others = seen.withLock { seen in
                            seen.insert(call.tenant)
                            return tool.tool.name == name ? seen.subtracting([call.tenant]) : []
                        }
                        var notes: [JSONValue] = []
                        for tenant in others {
                            var other = call
                            other.tenant = tenant
                            guard await reader.objection(other) == nil, case .result(let result) = try await tool.run(other) else {
                                continue
                            }
                            notes += result.structured?["notes"]?.array ?? []
                        }
                        guard case .result(let own) = try await tool.run(call), !notes.isEmpty else { return try await tool.run(call) }
                        return .result(ToolResult(["notes": .array((own.structured?["notes"]?.array ?? []) + notes)]))
                    }
                }
            })
    }
}

extension ServerRequest {
    /// A claim of the token that was shown, which is read and not verified.
    fileprivate func claim(_ name: String) -> String? {
        let parts = (field("Authorization") ?? "").split(separator: ".")
        guard parts.count == 3 else { return nil }
        let text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        let padded = String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: padded).flatMap { LooseBody.object(Array($0)) }?[name] as? String
    }
}

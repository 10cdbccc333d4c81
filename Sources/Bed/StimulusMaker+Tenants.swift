import Foundation
import Probing
import Scenarios
import Trace

/// What belongs to one tenant, asked for by another.
extension StimulusMaker {
    /// A note of the neighbour's lies there before each call; its text is its author's name.
    func tenant(_ how: String) async throws -> Stimulus {
        let neighbour = try await neighbour()
        let tenant = stage.world.tenant(of: neighbour.principal) ?? ""
        // A name of its own for each case: what one leaves behind is not found by the next.
        let note = "plan-\(how)"
        let own = fresh
        var stimulus = Stimulus(own, "another tenant's note: \(how)")
        stimulus.setUp = { [stage] in try await stage.write(note, as: neighbour) }
        stimulus.change = { $0.fillIn(#"{"name":"\#(note)"}"#) }
        switch how {
        case "reads-anothers": break
        case "lists": stimulus.change = nil
        case "keeps-own":
            stimulus.credential = neighbour
            stimulus.setUp = { [stage] in
                try await stage.write(note, as: neighbour)
                try await stage.write(note, as: own)
            }
        case "field":
            stimulus.change = { request in
                request.fillIn(#"{"name":"\#(note)"}"#)
                for field in ["X-Tenant-Id", "X-Tenant", "Tenant"] { request.set(field, tenant) }
            }
        case "address":
            stimulus.change = { request in
                request.fillIn(#"{"name":"\#(note)"}"#)
                request.url += "?tenant=\(tenant)&tenant_id=\(tenant)"
            }
        case "argument": stimulus.change = { $0.fillIn(#"{"name":"\#(note)","tenant":"\#(tenant)"}"#) }
        case "claim": stimulus.credential.token = try mint(claims: ["tenant": "\"\(tenant)\"", "tid": "\"\(tenant)\""])
        default: throw BedError("there is nothing about tenants called \(how)")
        }
        return stimulus
    }

    /// Somebody of another tenant, with a good credential.
    private func neighbour() async throws -> Credential {
        let tenants = stage.cell.scenario.server?.tenants ?? [:]
        guard let own = tenants[baseline.principal],
            let name = tenants.filter({ $0.value != own }).keys.min()
        else { throw BedError("\(battery.baseline) has no neighbour of another tenant") }
        return try await stage.office.issue(name, succeeding: nil, lifetime: nil, scopes: StoryRunner.allScopes)
    }
}

extension Stage {
    /// Leaves a note in the author's name.
    fileprivate func write(_ note: String, as author: Credential) async throws {
        let arguments = #"{"name":"\#(note)","text":"\#(author.principal)"}"#
        let plan = PlannedCall(
            set: "", ordinal: 0, credential: author, twin: true, channelName: "new-connection", channel: .newConnection,
            tool: "notes.write", url: world.serverURL, keepText: true, change: { $0.fillIn(arguments) })
        let call = await maker.perform(plan, with: probe(for: author))
        guard call.outcome == .accepted else { throw RefusedPreparation(call: call) }
    }
}

extension ProbeRequest {
    /// Gives the tool arguments in the place of none.
    fileprivate mutating func fillIn(_ arguments: String) {
        body = Array(
            String(decoding: body, as: UTF8.self).replacingOccurrences(of: #""arguments":{}"#, with: "\"arguments\":\(arguments)").utf8)
    }
}

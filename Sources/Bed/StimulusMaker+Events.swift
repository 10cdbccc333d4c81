import Foundation
import Probing
import Scenarios
import Synchronization

/// Events of another caller's answers, asked for from a session of one's own.
extension StimulusMaker {
    /// Seconds for a stream that something comes on all the time.
    private static let patience = 4.0

    private final class Heard: Sendable {
        /// The name of the first event that the other caller's answer had; where events have none, one that may be somebody's.
        let name = Mutex("1")
        let isAnothers = Mutex(false)
    }

    /// The baseline calls, and the other one asks for what came after the first event of its answer.
    func anothersEvents(as other: Credential) async throws -> Stimulus {
        var credential = other
        credential.session = await stage.maker.session(for: other, url: stage.world.serverURL, with: stage.probe(for: other))
        var stimulus = Stimulus(credential, "session: another caller's events, from a session of one's own")
        let (heard, own, identity) = (Heard(), baseline, other.identity)
        stimulus.setUp = { [stage] in
            let plan = PlannedCall(
                set: "", ordinal: 0, credential: own, channelName: "new-connection", channel: .newConnection, tool: "canary.read",
                url: stage.world.serverURL)
            let answer = await stage.maker.exchange(plan, with: stage.probe(for: own)).answer
            if let name = Self.firstEvent(answer) { heard.name.withLock { $0 = name } }
        }
        stimulus.change = { request in
            (request.method, request.body, request.timeout) = ("GET", [], Self.patience)
            request.set("Accept", "text/event-stream")
            request.set("Last-Event-ID", heard.name.withLock { $0 })
        }
        stimulus.exchange = { [stage] request in
            var answer = await withCheckedContinuation { continuation in
                EventStream().start(
                    request, ca: stage.maker.ca, identity: identity,
                    onEvent: { event in if Self.answersACall(event.data) { heard.isAnothers.withLock { $0 = true } } },
                    onEnd: { continuation.resume(returning: $0) })
            }
            let isSilent =
                switch answer.outcome {
                case .dropped: true
                case .response(let status, _, _): (200..<300).contains(status)
                default: false
                }
            // A stream of one's own may well be opened, as long as nothing of another's comes on it.
            if isSilent { answer.outcome = .refusedInTransport(TransportRefusal(alert: nil, alertName: nil, face: "a stream without it")) }
            if heard.isAnothers.withLock({ $0 }) { answer.outcome = .continued("sent another caller's event") }
            return answer
        }
        return stimulus
    }

    /// WHATWG HTML section 9.2.6.
    private static func firstEvent(_ answer: ProbeAnswer) -> String? {
        guard case .response(_, _, let body) = answer.outcome else { return nil }
        return String(decoding: body, as: UTF8.self).split(whereSeparator: \.isNewline).first { $0.hasPrefix("id:") }
            .map { $0.dropFirst(3).trimmingCharacters(in: .whitespaces) }
    }

    /// A result, an error or progress: on a stream of one's own that asked for nothing they belong to somebody else.
    private static func answersACall(_ data: String) -> Bool {
        guard let message = (try? JSONSerialization.jsonObject(with: Data(data.utf8))) as? [String: Any] else { return false }
        return message["result"] != nil || message["error"] != nil || message["method"] as? String == "notifications/progress"
    }
}

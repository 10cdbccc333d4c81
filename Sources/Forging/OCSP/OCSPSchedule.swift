import Foundation
import Synchronization

/// A script file, read again when it has changed, and what has been answered by it.
package final class OCSPSchedule: Sendable {
    private struct State {
        var text: String?
        /// When the file was written.
        var written: Date?
        var script = OCSPScript()
        /// How often each rule has been used.
        var used: [Int] = []
        var requests = 0
        var answers: [String: Int] = [:]

        mutating func use(_ script: OCSPScript, _ text: String, _ written: Date?) {
            (self.script, self.text, self.written) = (script, text, written)
            used = Array(repeating: 0, count: script.rules.count)
        }
    }

    private let file: String?
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - file: Nil for the ledger's answers only.
    ///   - report: Is told of a changed script that cannot be read; the one before stays.
    /// - Throws: `ForgingError` and `PKIManifestError` when the script cannot be read now.
    package init(file: String?, report: @escaping @Sendable (String) -> Void) throws {
        self.file = file
        self.report = report
        guard let file else { return }
        let text = try Files.read(file)
        let script = try OCSPScript(text: text, file: file)
        state.withLock { $0.use(script, text, Self.written(file)) }
    }

    /// A script without a file, which `replace` changes.
    package init(_ script: OCSPScript) {
        (file, report) = (nil, { _ in })
        state.withLock { $0.use(script, "", nil) }
    }

    package func replace(_ script: OCSPScript) { state.withLock { $0.use(script, "", nil) } }

    /// How many requests there have been.
    package var requests: Int { state.withLock { $0.requests } }

    /// Takes the rule for a request.
    /// - Parameter serial: The certificate it asks about; nil when it is no request.
    package func next(_ serial: String?) -> OCSPScript.Rule {
        let text = file.flatMap { try? Files.read($0) }
        return state.withLock { state in
            if let file, let text, case let written = Self.written(file), (text, written) != (state.text, state.written) {
                do { state.use(try OCSPScript(text: text, file: file), text, written) } catch {
                    (state.text, state.written) = (text, written)
                    report("\(error)")
                }
            }
            let place = state.script.rules.indices.first { place in
                let rule = state.script.rules[place]
                return (rule.serial == nil || rule.serial == serial) && state.used[place] < rule.times ?? .max
            }
            if let place { state.used[place] += 1 }
            let rule = place.map { state.script.rules[$0] } ?? .init(.ledger)
            state.requests += 1
            state.answers[rule.answer.rawValue, default: 0] += 1
            return rule
        }
    }

    private static func written(_ file: String) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date
    }

    /// One JSON object: how many requests there were, and how many were answered in which way.
    package func summary() -> String {
        let (requests, answers) = state.withLock { ($0.requests, $0.answers) }
        let counts = answers.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        return JSONText.object([("answers", JSONText.object(counts)), ("requests", "\(requests)")])
    }
}

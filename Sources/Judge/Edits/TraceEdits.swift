package import Scenarios
import Trace

/// Tries the judge with edited traces: each check that passes must fall to some edit.
package enum TraceEdits {
    package struct Finding: Sendable, Hashable {
        /// `CHECK@SCHEME`.
        package var check: String
        /// The first edit that it fell to; nil where none was enough.
        package var edit: String?

        package init(check: String, edit: String?) {
            self.check = check
            self.edit = edit
        }
    }

    /// - Parameter trace: Of right subjects.
    /// - Returns: A finding for every check that passes in it.
    /// - Throws: `TraceError` when a scenario or scheme in it cannot be read.
    package static func judge(_ trace: RecordedRun, requirements: [Requirement]) throws(TraceError) -> [Finding] {
        let byCell = Dictionary(grouping: trace.events.filter { $0.cell != nil }) { $0.cell ?? "" }
        var findings: [Finding] = []
        for (_, events) in byCell.sorted(by: { $0.key < $1.key }) {
            var open = try verdicts(events, trace, requirements).filter { $0.value }.map(\.key)
            for edit in TraceEdit.all where !open.isEmpty {
                let after = try verdicts(edit(events), trace, requirements)
                for check in open where after[check] == false { findings.append(Finding(check: check, edit: edit.name)) }
                open.removeAll { after[$0] == false }
            }
            findings += open.map { Finding(check: $0, edit: nil) }
        }
        return findings.sorted { $0.check < $1.check }
    }

    /// Whether each check of a cell passes or falls; undecided ones are left out.
    private static func verdicts(
        _ events: [TraceEvent], _ trace: RecordedRun, _ requirements: [Requirement]
    ) throws(TraceError) -> [String: Bool] {
        let results = try Judge.judge(RecordedRun(run: trace.run, events: events), requirements: requirements)
        var verdicts: [String: Bool] = [:]
        for cell in results.cells {
            for check in cell.checks {
                switch check.verdict {
                case .pass: verdicts["\(check.check)@\(cell.scheme)"] = true
                case .fail, .warn: verdicts["\(check.check)@\(cell.scheme)"] = false
                case .recorded: verdicts["\(check.check)@\(cell.scheme)"] = check.held
                default: break
                }
            }
        }
        return verdicts
    }
}

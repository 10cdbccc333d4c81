import Foundation
package import Trace

/// A run's events, read back.
package struct RecordedRun: Sendable {
    package var run: RunStarted
    package var events: [TraceEvent]
    /// Set when the last line was cut off in the middle; everything before it is there.
    package var truncated: String?

    package init(run: RunStarted, events: [TraceEvent], truncated: String? = nil) {
        self.run = run
        self.events = events
        self.truncated = truncated
    }
}

/// Why a trace cannot be judged.
package struct TraceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1; 0 for the trace as a whole.
    package var line: Int
    package var message: String

    package init(line: Int, message: String) {
        self.line = line
        self.message = message
    }

    package var description: String { line > 0 ? "line \(line): \(message)" : message }
}

/// Reads `events.jsonl`.
package enum TraceReader {
    /// - Throws: `TraceError` for an empty trace, one of another format, a line that is no event, or a gap in the numbers.
    ///   A last line that was cut short is no error: it is how a killed run ends.
    package static func read(_ text: String) throws(TraceError) -> RecordedRun {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let endsWithNewline = lines.last?.isEmpty ?? true
        if endsWithNewline { lines = lines.dropLast() }
        guard let first = lines.first else { throw TraceError(line: 0, message: "the trace is empty") }
        let decoder = JSONDecoder()
        guard let head = try? decoder.decode(Head.self, from: Data(first.utf8)), let format = head.run?.format else {
            throw TraceError(line: 1, message: "not a trace: the first line must say which run it is")
        }
        guard format == RunStarted.currentFormat else {
            throw TraceError(line: 1, message: "the trace has format \(format); this authbed reads format \(RunStarted.currentFormat)")
        }
        var events: [TraceEvent] = []
        events.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            do {
                events.append(try decoder.decode(TraceEvent.self, from: Data(line.utf8)))
            } catch {
                guard index == lines.count - 1, index > 0, !endsWithNewline else {
                    throw TraceError(line: index + 1, message: "not an event: \(reason(error))")
                }
                break
            }
            guard events[index].n == index + 1 else {
                throw TraceError(
                    line: index + 1, message: "event \(events[index].n) stands where event \(index + 1) was expected: lines were lost")
            }
        }
        guard let run = events.first?.run else {
            throw TraceError(line: 1, message: "not a trace: the first line must say which run it is")
        }
        return RecordedRun(run: run, events: events, truncated: truncation(events, lines.count))
    }

    private static func truncation(_ events: [TraceEvent], _ lines: Int) -> String? {
        if events.count < lines { return "the last line is cut short; judged are the \(events.count) events before it" }
        if events.last?.runEnded == nil { return "the run did not end; judged are the \(events.count) events that were written" }
        return nil
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _)?: "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
        case .dataCorrupted(let context)? where !context.codingPath.isEmpty:
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has an unknown value"
        default: "the line is not JSON"
        }
    }

    /// The format alone, so that a trace of another version is named as such whatever else it holds.
    private struct Head: Decodable {
        struct Run: Decodable { var format: Int }
        var run: Run?
    }
}

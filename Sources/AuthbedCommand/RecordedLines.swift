import Foundation
import Trace

/// Single events of a trace, by their numbers, without reading all of it.
struct RecordedLines: Sendable {
    private let data: Data

    /// - Parameter path: Of the trace; one that cannot be read has no events.
    init(_ path: String) { data = FileManager.default.contents(atPath: path) ?? Data() }

    /// Nil where the trace has none of that number. Events are numbered from 1, as their lines are.
    func event(_ number: Int) -> TraceEvent? {
        var rest = data[...]
        for _ in 1..<max(number, 1) {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        guard let event = try? JSONDecoder().decode(TraceEvent.self, from: line), event.n == number else { return nil }
        return event
    }
}

import Trace

/// Puts the traces of a run's shards together into the one that a run in one piece would have written.
package enum TraceMerger {
    /// - Parameter shards: Each with the name it is told by in errors, such as its file.
    /// - Returns: The cells in the order of their ids; times stay as each shard took them.
    /// - Throws: `TraceError` where a shard was cut short, comes from another run, is missing, or holds a cell that another has.
    package static func merge(_ shards: [(name: String, trace: RecordedRun)]) throws(TraceError) -> RecordedRun {
        guard let first = shards.first else { throw TraceError(line: 0, message: "there is nothing to merge") }
        for (name, trace) in shards { try check(trace, name, against: first.trace) }
        try checkWhole(shards)
        var owner: [String: String] = [:]
        var cells: [String: [TraceEvent]] = [:]
        for (name, trace) in shards {
            for event in trace.events {
                guard let cell = event.cell else { continue }
                if let other = owner[cell], other != name {
                    throw TraceError(line: event.n, message: "\(name): \(cell) is in \(other), too")
                }
                owner[cell] = name
                cells[cell, default: []].append(event)
            }
        }
        let run = self.run(shards.map(\.trace))
        var events = [TraceEvent(n: 1, at: 0, cell: nil)]
        events[0].run = run
        for cell in cells.keys.sorted() { events += cells[cell] ?? [] }
        var end = TraceEvent(n: 0, at: shards.compactMap { $0.trace.events.last?.at }.max() ?? 0, cell: nil)
        let ends = shards.compactMap { $0.trace.events.last?.runEnded }
        end.runEnded = RunEnded(
            cells: cells.count, interrupted: false, requests: sum(ends.map(\.requests)), processes: sum(ends.map(\.processes)))
        events.append(end)
        for index in events.indices { events[index].n = index + 1 }
        return RecordedRun(run: run, events: events)
    }

    /// Nil where one of them is not known.
    private static func sum(_ numbers: [Int?]) -> Int? {
        numbers.contains(nil) ? nil : numbers.compactMap { $0 }.reduce(0, +)
    }

    private static func check(_ trace: RecordedRun, _ name: String, against first: RecordedRun) throws(TraceError) {
        if let truncated = trace.truncated { throw TraceError(line: 0, message: "\(name): \(truncated)") }
        if trace.events.last?.runEnded?.interrupted == true { throw TraceError(line: 0, message: "\(name): the run was stopped early") }
        guard trace.run.authbed == first.run.authbed, trace.run.era == first.run.era else {
            throw TraceError(
                line: 1,
                message:
                    "\(name): authbed \(trace.run.authbed), era \(trace.run.era); the first one has \(first.run.authbed), \(first.run.era)")
        }
        // A shard without cells knows no subjects.
        guard trace.run.subjects == first.run.subjects || trace.run.subjects.isEmpty || first.run.subjects.isEmpty else {
            throw TraceError(line: 1, message: "\(name): the subjects are not those of the first one")
        }
    }

    /// All parts of the same whole, each once.
    private static func checkWhole(_ shards: [(name: String, trace: RecordedRun)]) throws(TraceError) {
        var counts: Set<Int> = [], seen: Set<Int> = []
        for (name, trace) in shards {
            guard let shard = trace.run.shard.flatMap({ Shard($0) }) else {
                throw TraceError(line: 1, message: "\(name): not a shard; `authbed run --shard i/n` makes them")
            }
            guard seen.insert(shard.index).inserted else {
                throw TraceError(line: 1, message: "\(name): shard \(shard.index) is there twice")
            }
            counts.insert(shard.count)
        }
        guard let count = counts.first, counts.count == 1 else {
            throw TraceError(
                line: 1, message: "the shards are parts of different wholes: \(counts.sorted().map { "n = \($0)" }.joined(separator: ", "))"
            )
        }
        let missing = Set(1...count).subtracting(seen).sorted()
        guard missing.isEmpty else {
            throw TraceError(line: 0, message: "missing: shard \(missing.map { "\($0)/\(count)" }.joined(separator: ", "))")
        }
    }

    private static func run(_ traces: [RecordedRun]) -> RunStarted {
        var run = traces.first { !$0.run.subjects.isEmpty }?.run ?? traces[0].run
        run.startedAt = traces.map(\.run.startedAt).min() ?? run.startedAt
        let machines = Set(traces.map(\.run.machine)).sorted()
        run.machine = machines.joined(separator: "; ")
        run.shard = nil
        run.commandLine = whole(run.commandLine)
        return run
    }

    /// The command line without the part.
    private static func whole(_ line: [String]) -> [String] {
        var words: [String] = []
        var rest = line[...]
        while let word = rest.popFirst() {
            if word == "--shard" { _ = rest.popFirst() } else if !word.hasPrefix("--shard=") { words.append(word) }
        }
        return words
    }
}

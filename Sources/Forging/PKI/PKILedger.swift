import Foundation

/// What an authority must not forget: what it issued, what it revoked, and the number of its latest list.
///
/// JSON Lines, appended and flushed; a last line cut short by a power failure was never promised to anybody.
struct PKILedger {
    struct Issued: Codable {
        var serial: String
        var name: String
        var notAfter: Double
        /// Nil: the authority that issues.
        var issuer: String?
    }

    struct Revoked: Codable {
        var serial: String
        var at: Int
    }

    private struct Line: Codable {
        var issued: Issued?
        var revoked: Revoked?
        var list: Int?
        var thisUpdate: Int?
    }

    struct State {
        var issued: [Issued] = []
        var revoked: [Revoked] = []
        var listNumber = 0
        /// When the latest list says that it was made, in seconds since 1970.
        var listTime: Int?
    }

    let folder: String
    /// Whether what is recorded is on the disk before it is done.
    var isDurable = true
    var path: String { "\(folder)/ledger.jsonl" }

    func read() throws -> State { try state(wholeLines(try contents())) }

    /// Decides on what is recorded so far, and records what follows from it, before anybody else can.
    func record<Value>(_ body: (State) throws -> (Value, [Entry])) throws -> Value {
        try Files.locked("\(folder)/lock") {
            let text = try contents()
            let whole = wholeLines(text)
            let (value, entries) = try body(try state(whole))
            if !entries.isEmpty { try append(entries, after: whole.utf8.count) }
            return value
        }
    }

    enum Entry {
        case issued(Issued)
        case revoked(Revoked)
        case list(Int, thisUpdate: Int)
    }

    private func contents() throws -> String {
        FileManager.default.fileExists(atPath: path) ? try Files.read(path) : ""
    }

    private func wholeLines(_ text: String) -> String {
        text.lastIndex(of: "\n").map { String(text[...$0]) } ?? ""
    }

    private func state(_ text: String) throws -> State {
        var state = State()
        let decoder = JSONDecoder()
        for (number, line) in text.split(separator: "\n").enumerated() {
            guard let line = try? decoder.decode(Line.self, from: Data(line.utf8)) else {
                throw ForgingError("\(path):\(number + 1): the ledger is damaged")
            }
            if let issued = line.issued { state.issued.append(issued) }
            if let revoked = line.revoked { state.revoked.append(revoked) }
            state.listNumber = max(state.listNumber, line.list ?? 0)
            state.listTime = line.thisUpdate ?? state.listTime
        }
        return state
    }

    private func append(_ entries: [Entry], after end: Int) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var bytes: [UInt8] = []
        for entry in entries {
            let line =
                switch entry {
                case .issued(let issued): Line(issued: issued)
                case .revoked(let revoked): Line(revoked: revoked)
                case .list(let number, let time): Line(list: number, thisUpdate: time)
                }
            bytes += try encoder.encode(line) + [10]
        }
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Files.failure("write \(path)") }
        defer { close(file) }
        // What is left of a line that was cut short goes.
        guard ftruncate(file, end) == 0, lseek(file, end, SEEK_SET) == end else { throw Files.failure("write \(path)") }
        try Files.append(bytes, to: file, path)
        guard !isDurable || fsync(file) == 0 else { throw Files.failure("write \(path)") }
    }
}

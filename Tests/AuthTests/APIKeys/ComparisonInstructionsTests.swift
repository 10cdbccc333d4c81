import Auth
import CInstructions
import Foundation
import Testing

/// A clock cannot say that nothing is there; the number of instructions can.
@Suite("Instructions that the comparison of a key takes", .serialized)
struct ComparisonInstructionsTests {
    private static let seconds: Int32 = 60
    private static let right = [0, 1, 8, 16, 32, 42, 43]

    /// A key, and what is stored of keys that share its first so many characters, and no more.
    private final class Work: Sendable {
        let presented = APIKey(generatingFor: "test")
        let text: [UInt8]
        let stored: [(text: [UInt8], hash: Data)]

        init() {
            let text = presented.text.reveal()
            self.text = Array(text.utf8)
            let name = text.count - APIKey.secretLength
            stored = ComparisonInstructionsTests.right.compactMap { right in
                let rest = text.dropFirst(name + right).map { $0 == "a" ? "b" : "a" }.joined()
                let other = text.prefix(name + right) + rest
                return APIKey(parsing: String(other)).map { (Array(other.utf8), $0.hash) }
            }
        }
    }

    /// - Returns: Nil where this system lets nobody count.
    private func count(_ compare: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void) -> [Int]? {
        let work = Work()
        var counts = [Int](repeating: 0, count: Self.right.count)
        let result = withExtendedLifetime(work) {
            cinstructions_count(compare, Unmanaged.passUnretained(work).toOpaque(), Int32(counts.count), &counts, Self.seconds)
        }
        return result == 0 ? counts : nil
    }

    @Test("As many for a key that is right so far as for one that is right from the first character to the last")
    func constant() throws {
        let counts = count { context, piece in
            guard let context else { return }
            let work = Unmanaged<Work>.fromOpaque(context).takeUnretainedValue()
            sink = work.presented.matches(hash: work.stored[Int(piece)].hash)
        }
        guard let counts else { return withKnownIssue("this system lets nobody count instructions") { Issue.record("not counted") } }
        #expect(Set(counts).count == 1, "\(counts)")
        #expect(counts[0] > 100)
    }

    /// What the other test would find, if it were there.
    @Test("A comparison that stops at the first difference takes more for each character that is right")
    func naive() throws {
        let counts = count { context, piece in
            guard let context else { return }
            let work = Unmanaged<Work>.fromOpaque(context).takeUnretainedValue()
            let (one, other) = (work.text, work.stored[Int(piece)].text)
            var index = 0
            while index < one.count, one[index] == other[index] { index += 1 }
            sink = index == one.count
        }
        guard let counts else { return withKnownIssue("this system lets nobody count instructions") { Issue.record("not counted") } }
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 }, "\(counts)")
    }
}

/// Keeps a result from being thought unused.
nonisolated(unsafe) private var sink = false

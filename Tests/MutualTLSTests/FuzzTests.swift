import Foundation
import MutualTLS
import Testing
import X509

/// Bytes that nobody sends on purpose, and some do: the readers of lists and answers must take them all in their stride.
///
/// The same inputs at every run. `AUTHBED_FUZZ` is how many of each kind there are; their results are printed then.
struct FuzzTests {
    private static let wanted = ProcessInfo.processInfo.environment["AUTHBED_FUZZ"].flatMap { Int($0) }
    private let count = wanted ?? 20_000

    /// SplitMix64: the same numbers everywhere.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
    }

    /// One to four changes of a kind that DER suffers from.
    private static func bend(_ seeds: [[UInt8]], _ numbers: inout Numbers) -> (seed: Int, bytes: [UInt8]) {
        let seed = numbers.below(seeds.count)
        var bytes = seeds[seed]
        for _ in 0...numbers.below(4) where !bytes.isEmpty {
            let at = numbers.below(bytes.count)
            let length = min(1 + numbers.below(16), bytes.count - at)
            switch numbers.below(9) {
            case 0: bytes[at] ^= 1 << UInt8(numbers.below(8))
            case 1: bytes[at] = UInt8(truncatingIfNeeded: numbers.next())
            case 2: bytes[at] = [0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF, 0x30, 0xA0][numbers.below(9)]
            case 3: bytes.removeSubrange(at..<at + length)
            case 4: bytes.insert(contentsOf: (0..<length).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }, at: at)
            case 5: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: at)
            case 6: bytes.removeLast(bytes.count - at)
            case 7:
                let other = seeds[numbers.below(seeds.count)]
                let from = numbers.below(other.count)
                bytes.replaceSubrange(at..<at + length, with: other[from..<min(from + length, other.count)])
            default: bytes[at] &+= numbers.below(2) == 0 ? 1 : 255
            }
        }
        return (seed, bytes)
    }

    /// How long the slowest took is printed, not judged.
    private func report(_ what: String, _ read: Int, _ believed: Int, _ slowest: Duration, _ start: ContinuousClock.Instant) {
        guard Self.wanted != nil else { return }
        print("\(what): \(count) inputs in \(ContinuousClock.now - start), \(read) readable, \(believed) believed, slowest \(slowest)")
    }

    @Test("Revocation lists with something wrong are refused, or say what they said before")
    func lists() throws {
        let authorities = [try Corpus.certificate("ca.pem")]
        let seeds = try Corpus.names("crl-").map { try Corpus.bytes($0) }
        let originals = try seeds.map { try RevocationList(der: $0) }
        var numbers = Numbers(state: 0xC41)
        var (read, believed, slowest) = (0, 0, Duration.zero)
        let start = ContinuousClock.now
        for _ in 0..<count {
            let (seed, bytes) = Self.bend(seeds, &numbers)
            let began = ContinuousClock.now
            if let list = try? RevocationList(der: bytes) {
                read += 1
                if authorities.contains(where: { list.isSigned(by: $0) }) {
                    believed += 1
                    #expect(list.number == originals[seed].number && list.count == originals[seed].count)
                }
            }
            slowest = max(slowest, ContinuousClock.now - began)
        }
        report("CRL", read, believed, slowest, start)
    }

    @Test("OCSP answers with something wrong are refused, or say what they said before")
    func answers() throws {
        let authority = try Corpus.certificate("ca.pem")
        let names = try Corpus.names("ocsp-")
        let seeds = try names.map { try Corpus.bytes($0) }
        let alice = try OCSPCertificateID(of: try Corpus.certificate("alice.pem"), issuer: authority)
        let verification = OCSPVerification(of: OCSPRequest(alice, nonce: nil), issuer: authority, maximumAge: 300)
        var now = Date.distantPast
        for seed in seeds {
            if case .basic(let basic) = try OCSPResponse(der: seed).content { now = max(now, basic.producedAt) }
        }
        let verdicts = seeds.map { verification.verdict(on: $0, at: now) }
        var numbers = Numbers(state: 0x0C59)
        var (read, believed, slowest) = (0, 0, Duration.zero)
        let start = ContinuousClock.now
        for _ in 0..<count {
            let (seed, bytes) = Self.bend(seeds, &numbers)
            let began = ContinuousClock.now
            if (try? OCSPResponse(der: bytes)) != nil { read += 1 }
            switch verification.verdict(on: bytes, at: now) {
            case .good, .revoked:
                believed += 1
                // What is outside the signature may differ, and what it says may not. A splice may be another answer, whole.
                #expect(verdicts.contains(verification.verdict(on: bytes, at: now)), "\(names[seed])")
            case .unknown, .unavailable: break
            }
            slowest = max(slowest, ContinuousClock.now - began)
        }
        report("OCSP", read, believed, slowest, start)
    }

    @Test("Long nonsense takes no longer than its length", .timeLimit(.minutes(1)))
    func long() throws {
        let size = 1 << 18
        let filler: [[UInt8]] = [
            [0x30, 0x00], [0x30, 0x80], [0x30, 0x83], [0xA0, 0x82], [0x02, 0x01, 0x00], [0x04, 0x00], [0x1F, 0x81], [0x30],
            [0x06, 0x02, 0x80],
        ]
        for piece in filler {
            let content = Array(Array(repeating: piece, count: size / piece.count).joined())
            // As it is, and inside a sequence of the right length.
            let length = content.count
            let wrapped: [UInt8] = [0x30, 0x83, UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255)] + content
            for bytes in [content, wrapped] {
                #expect(throws: RevocationList.Defect.self) { try RevocationList(der: bytes) }
                #expect(throws: OCSPResponse.Malformed.self) { try OCSPResponse(der: bytes) }
            }
        }
    }
}

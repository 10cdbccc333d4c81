import Foundation
import Subprocess
import SystemPackage

/// What one verification of a signed token costs the server under test, beside what OpenSSL needs for the signature alone, on the
/// same machine and by turns.
package struct VerificationRatio: Sendable, Codable, Hashable {
    /// Verifications a second by the server's own checks on one thread, one figure a round.
    package var perSecond: [Double]
    /// ECDSA P-256 verifications a second by `openssl speed`.
    package var openssl: [Double]

    package init(perSecond: [Double], openssl: [Double]) {
        self.perSecond = perSecond
        self.openssl = openssl
    }

    /// The server's rate in parts of OpenSSL's, round by round, in order of size.
    package var ratios: [Double] { zip(perSecond, openssl).map { $0 / $1 }.sorted() }

    /// - Parameter server: Measures itself for that many seconds: its `bench-verification` command.
    /// - Throws: `BedError` when one of the two cannot be measured.
    static func measure(rounds: Int, seconds: Int, server: Hook) async throws -> VerificationRatio {
        var ratio = VerificationRatio(perSecond: [], openssl: [])
        for _ in 0..<rounds {
            let answer = try await server.run(["seconds": ["\(seconds)s"]])
            guard let count = answer["verifications"]?.number, let taken = answer["seconds"]?.number, taken > 0 else {
                throw BedError("the server's bench-verification command answered without verifications and seconds")
            }
            ratio.perSecond.append(count / taken)
            ratio.openssl.append(try await openssl(seconds: seconds, programs: server.programs))
        }
        return ratio
    }

    private static func openssl(seconds: Int, programs: Programs) async throws -> Double {
        let result = try await Subprocess.run(
            .path(FilePath(try programs.path(of: "openssl"))), arguments: ["speed", "-mr", "-seconds", "\(seconds)", "ecdsap256"],
            output: .string(limit: 1 << 16), error: .discarded)
        guard result.terminationStatus.isSuccess, let rate = verifications(in: result.standardOutput) else {
            throw BedError("openssl speed could not be read", lastLines: [result.standardOutput])
        }
        return rate
    }

    /// Verifications a second in the machine-readable output of `openssl speed -mr ecdsap256`: the last field of the line of
    /// ECDSA's results, such as `+F4:3:256:65252.63:22489.47`. Older versions give the seconds that one takes there.
    package static func verifications(in output: String) -> Double? {
        let line = output.split(whereSeparator: \.isNewline).last { $0.hasPrefix("+F4:") }
        guard let field = line?.split(separator: ":").last, let value = Double(field), value > 0 else { return nil }
        return value < 1 ? 1 / value : value
    }
}

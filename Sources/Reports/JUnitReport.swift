package import Judge
import Trace

/// The results as JUnit XML: a suite for each cell, a case for each check.
///
/// The format knows neither warnings nor doubt: `warn` and `recorded` pass with a note, `inconclusive` is an error, so that
/// nothing undecided reads as green. It keeps to the schema of Jenkins (`junit-10.xsd`), which knows no number of skipped cases of
/// the whole.
package enum JUnitReport {
    package static func text(_ results: Results) -> String {
        let suites = results.cells.map(suite)
        let totals = results.cells.map(Totals.init).reduce(Totals()) { $0 + $1 }
        let head = "<testsuites name=\"authbed\" \(totals.counts) time=\"\(seconds(results.seconds))\">"
        return (["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", head] + suites + ["</testsuites>"]).joined(separator: "\n") + "\n"
    }

    /// A cell that was cut short counts as a case of its own.
    private struct Totals {
        var tests = 0, failures = 0, errors = 0, skipped = 0

        init() {}

        init(_ cell: CellResult) {
            let faults = cell.fault == nil ? 0 : 1
            tests = cell.checks.count + faults
            failures = cell.checks.count { $0.verdict == .fail }
            errors = cell.checks.count { [.error, .inconclusive].contains($0.verdict) } + faults
            skipped = cell.checks.count { $0.verdict == .notApplicable }
        }

        static func + (a: Totals, b: Totals) -> Totals {
            var sum = a
            sum.tests += b.tests
            sum.failures += b.failures
            sum.errors += b.errors
            sum.skipped += b.skipped
            return sum
        }

        var counts: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\"" }
    }

    private static func suite(_ cell: CellResult) -> String {
        let totals = Totals(cell)
        var lines = [
            "  <testsuite name=\"\(escape(cell.id))\" \(totals.counts) skipped=\"\(totals.skipped)\" time=\"\(seconds(cell.seconds))\">"
        ]
        if let fault = cell.fault {
            lines.append("    <testcase classname=\"\(escape(cell.id))\" name=\"the cell was played\">")
            lines.append("      <error message=\"\(escape(fault.message))\">\(escape(fault.lastLines.joined(separator: "\n")))</error>")
            lines.append("    </testcase>")
        }
        lines += cell.checks.map { testCase($0, cell) }
        return (lines + ["  </testsuite>"]).joined(separator: "\n")
    }

    private static func testCase(_ check: CheckResult, _ cell: CellResult) -> String {
        let why = escape(check.why)
        let inner: String? =
            switch check.verdict {
            case .pass: nil
            case .fail: "<failure message=\"\(why)\"/>"
            case .warn, .recorded: "<system-out>\(check.verdict.rawValue): \(why)</system-out>"
            case .inconclusive, .error: "<error type=\"\(check.verdict.rawValue)\" message=\"\(why)\"/>"
            case .notApplicable: "<skipped message=\"\(why)\"/>"
            }
        let open = "    <testcase classname=\"\(escape(cell.id))\" name=\"\(escape(check.check))\""
        guard let inner else { return open + "/>" }
        return open + ">\n      \(inner)\n    </testcase>"
    }

    /// Three places, without a locale's idea of a comma.
    private static func seconds(_ value: Double) -> String {
        let thousandths = Int((max(0, value) * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    private static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            // XML 1.0 section 2.2 allows no other control characters, not even escaped.
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || [0xFFFE, 0xFFFF].contains(scalar.value):
                result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

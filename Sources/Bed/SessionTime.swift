import Foundation
import Glibc

/// What the processes of a session have used of the processors: a figure that another load on the machine hardly changes.
package enum SessionTime {
    /// - Returns: Seconds in user and kernel mode, of all processes of the session that still run.
    package static func seconds(_ session: Int) -> Double {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let sum = names.lazy.compactMap { Int($0) }.reduce(0.0) { $0 + (ticks(of: $1, in: session) ?? 0) }
        return sum / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func ticks(of pid: Int, in session: Int) -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        return ticks(in: text, session: session)
    }

    /// - Parameter stat: `/proc/PID/stat` (proc(5)). The name stands in parentheses and may hold anything, these included.
    package static func ticks(in stat: String, session: Int) -> Double? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        // From the third field on: state, parent, group, session, … , and utime and stime as 14th and 15th.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, Int(fields[3]) == session, let user = Double(fields[11]), let kernel = Double(fields[12]) else {
            return nil
        }
        return user + kernel
    }
}

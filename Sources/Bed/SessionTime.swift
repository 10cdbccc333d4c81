import Foundation
import Glibc

/// What the processes of a session have used of the processors: a figure that another load on the machine hardly changes.
package enum SessionTime {
    /// - Returns: Seconds in user and kernel mode, of all threads of the session that still run.
    package static func seconds(_ session: Int) -> Double {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.lazy.compactMap { Int($0) }.reduce(0) { $0 + (seconds(of: $1, in: session) ?? 0) }
    }

    private static func seconds(of pid: Int, in session: Int) -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let ticks = ticks(in: text, session: session)
        else { return nil }
        return scheduled(pid) ?? ticks / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    /// The scheduler's own account, to the nanosecond; nil where the kernel keeps none (sched-stats of the kernel's documentation).
    private static func scheduled(_ pid: Int) -> Double? {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        let times = threads.compactMap { thread in
            (try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/schedstat", encoding: .utf8))?.split(separator: " ").first
                .flatMap { Double($0) }
        }
        return times.isEmpty ? nil : times.reduce(0, +) / 1e9
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

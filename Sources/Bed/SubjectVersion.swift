import Foundation
package import Scenarios
import Subprocess

/// What a subject says that it is, for the record of a run.
package enum SubjectVersion {
    /// How much of a line is kept, in characters.
    private static let length = 80

    /// The subject's title, and behind it the first line that its command for the version prints, on either stream.
    ///
    /// Nothing is judged by it: a command that cannot be run, fails, prints nothing or takes longer than five seconds leaves the
    /// title alone.
    package static func title(of subject: Subject, programs: Programs) async -> String {
        guard !subject.version.isEmpty else { return subject.title }
        let line = await withTaskGroup(of: String?.self) { group in
            group.addTask { await firstLine(of: subject, programs) }
            group.addTask {
                try? await Task.sleep(for: .seconds(5))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        return line.map { "\(subject.title) (\($0))" } ?? subject.title
    }

    private static func firstLine(of subject: Subject, _ programs: Programs) async -> String? {
        var command = Hook.fill(subject.version, ["subject": subject.folder.map { [$0] } ?? []])
        guard let program = try? programs.path(of: command[0]) else { return nil }
        command[0] = program
        let spec = ProcessSpec(role: "version", command: command, environment: [:])
        let result = try? await Subprocess.run(
            spec.configuration(), input: .none, output: .string(limit: 1 << 16, encoding: UTF8.self), error: .combinedWithOutput)
        guard let result, result.terminationStatus.isSuccess else { return nil }
        let line = result.standardOutput.split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        return line.isEmpty ? nil : line.count > length ? line.prefix(length) + "…" : line
    }
}

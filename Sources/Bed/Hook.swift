import Foundation
import Subprocess

/// A subject's administration command, run as an operator would run it; its answer is one JSON object.
package struct Hook: Sendable {
    /// The command with its placeholders, such as `{principal}`.
    package var template: [String]
    package var programs: Programs
    package var environment: [String: String]

    package init(template: [String], programs: Programs, environment: [String: String]) {
        self.template = template
        self.programs = programs
        self.environment = environment
    }

    /// - Parameter values: What stands for each placeholder. An argument whose placeholder has several values is
    ///   repeated for each; one whose placeholder has none is left out, together with an option just before it.
    /// - Throws: `BedError` when the command fails or does not print one JSON object.
    package func run(_ values: [String: [String]]) async throws -> [String: HookValue] {
        var command = Self.fill(template, values)
        command[0] = try programs.path(of: command[0])
        let spec = ProcessSpec(role: "hook", command: command, environment: environment)
        let name = template.prefix(3).joined(separator: " ")
        let result: ExecutionResult<Void, StringOutput<Unicode.UTF8>, StringOutput<Unicode.UTF8>>
        do {
            result = try await Subprocess.run(
                spec.configuration(), input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
        } catch {
            throw BedError("\(name) could not be run: \(error)")
        }
        let errors = result.standardError.split(separator: "\n").map(String.init)
        guard result.terminationStatus.isSuccess else {
            throw BedError("\(name) failed: \(result.terminationStatus)", lastLines: errors)
        }
        guard let answer = try? JSONDecoder().decode([String: HookValue].self, from: Data(result.standardOutput.utf8)) else {
            throw BedError("\(name) did not print one JSON object", lastLines: errors)
        }
        return answer
    }

    package static func fill(_ template: [String], _ values: [String: [String]]) -> [String] {
        var command: [String] = []
        for argument in template {
            guard let open = argument.firstIndex(of: "{"), let close = argument[open...].firstIndex(of: "}"),
                case let name = String(argument[argument.index(after: open)..<close]), !name.isEmpty,
                name.allSatisfy({ $0.isLowercase || $0 == "-" })
            else {
                command.append(argument)
                continue
            }
            let replacements = values[name] ?? []
            if replacements.isEmpty, argument.first == "{", command.last?.hasPrefix("--") == true { command.removeLast() }
            for replacement in replacements {
                command.append(argument.replacingCharacters(in: open...close, with: replacement))
            }
        }
        return command
    }
}

/// A member of a hook's answer.
package enum HookValue: Sendable, Decodable {
    case text(String)
    case number(Double)
    case other

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
}

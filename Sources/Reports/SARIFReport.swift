import Foundation
package import Judge
package import Scenarios
import Trace

/// The findings as SARIF 2.1.0 (OASIS), for code scanning: a rule for each check, a result for each that does not hold,
/// at the line of the scenario that decides it.
package enum SARIFReport {
    package static func text(_ results: Results, catalogue: Catalogue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document(results, catalogue)), as: UTF8.self) + "\n"
    }

    private static func document(_ results: Results, _ catalogue: Catalogue) -> SARIFDocument {
        var checks: [String] = []
        for check in results.cells.flatMap(\.checks).map(\.check) where !checks.contains(check) { checks.append(check) }
        checks.sort()
        let findings = results.cells.flatMap { cell in
            cell.checks.compactMap { finding($0, cell, checks.firstIndex(of: $0.check) ?? 0, catalogue) }
        }
        let faults = results.cells.compactMap { cell in
            cell.fault.map { SARIFDocument.Notification(level: "error", message: .init(text: "\(cell.id): \(ShownText.safe($0.message))")) }
        }
        let incomplete = results.incomplete.map { [SARIFDocument.Notification(level: "error", message: .init(text: $0))] } ?? []
        let run = SARIFDocument.Run(
            tool: .init(driver: .init(name: "authbed", version: results.run.authbed, rules: checks.map { rule($0, results, catalogue) })),
            invocations: [
                .init(
                    executionSuccessful: faults.isEmpty && incomplete.isEmpty, startTimeUtc: results.run.startedAt,
                    toolExecutionNotifications: faults + incomplete)
            ],
            results: findings)
        return SARIFDocument(runs: [run])
    }

    private static func rule(_ check: String, _ results: Results, _ catalogue: Catalogue) -> SARIFDocument.Rule {
        let requirement = catalogue.requirement(check)
        let level = results.cells.lazy.flatMap(\.checks).first { $0.check == check }?.level
        return SARIFDocument.Rule(
            id: check, shortDescription: .init(text: requirement?.rule ?? check),
            fullDescription: .init(
                text: [requirement?.why, requirement.map { "Source: \($0.clause)." }].compactMap { $0 }.joined(separator: " ")),
            defaultConfiguration: .init(level: level == .must ? "error" : level == .should ? "warning" : "note"),
            properties: .init(tags: ["security", "authentication", requirement?.role.rawValue].compactMap { $0 }))
    }

    /// Nil for what holds, and for what the article says only.
    private static func finding(_ check: CheckResult, _ cell: CellResult, _ index: Int, _ catalogue: Catalogue) -> SARIFDocument.Result? {
        let outcome: (kind: String, level: String)
        switch check.verdict {
        case .pass, .recorded, .notApplicable: return nil
        case .fail: outcome = ("fail", "error")
        case .warn: outcome = ("fail", "warning")
        // A kind other than `fail` must have the level `none` (section 3.27.10).
        case .inconclusive, .error: outcome = ("open", "none")
        }
        let scenario = catalogue.scenario(cell.scenario)
        let line =
            scenario?.expect.first { $0.check == check.check }?.line ?? scenario?.battery?.cases.first { $0.check == check.check }?.line
            ?? 1
        return SARIFDocument.Result(
            ruleId: check.check, ruleIndex: index, kind: outcome.kind, level: outcome.level,
            message: .init(text: "\(cell.scheme): \(ShownText.safe(check.why))"),
            locations: [
                .init(
                    physicalLocation: .init(
                        artifactLocation: .init(uri: "scenarios/\(cell.scenario).yaml"), region: .init(startLine: max(line, 1))),
                    logicalLocations: [.init(fullyQualifiedName: cell.id)])
            ],
            partialFingerprints: ["checkAndScheme/v1": "\(check.check)@\(cell.scheme)"])
    }
}

/// The part of SARIF that is written; names are the format's own.
private struct SARIFDocument: Encodable {
    struct Message: Encodable { var text: String }
    struct Rule: Encodable {
        struct Configuration: Encodable { var level: String }
        struct Properties: Encodable { var tags: [String] }
        var id: String
        var shortDescription: Message
        var fullDescription: Message
        var defaultConfiguration: Configuration
        var properties: Properties
    }
    struct Driver: Encodable {
        var name: String
        var version: String
        var rules: [Rule]
    }
    struct Tool: Encodable { var driver: Driver }
    struct Notification: Encodable {
        var level: String
        var message: Message
    }
    struct Invocation: Encodable {
        var executionSuccessful: Bool
        var startTimeUtc: String
        var toolExecutionNotifications: [Notification]
    }
    struct Location: Encodable {
        struct Artifact: Encodable { var uri: String }
        struct Region: Encodable { var startLine: Int }
        struct Physical: Encodable {
            var artifactLocation: Artifact
            var region: Region
        }
        struct Logical: Encodable { var fullyQualifiedName: String }
        var physicalLocation: Physical
        var logicalLocations: [Logical]
    }
    struct Result: Encodable {
        var ruleId: String
        var ruleIndex: Int
        var kind: String
        var level: String
        var message: Message
        var locations: [Location]
        var partialFingerprints: [String: String]
    }
    struct Run: Encodable {
        var tool: Tool
        var invocations: [Invocation]
        var results: [Result]
    }

    var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    var version = "2.1.0"
    var runs: [Run]

    private enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version, runs
    }
}

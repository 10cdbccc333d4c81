import Foundation
import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite("Documents for scripts")
struct FormatTests {
    /// A pass, a failure, doubt and a cell that was cut short.
    func results() throws -> Results {
        var cells = try ReportInputs.stories([.keys, .tokens])
        cells[0].edit {
            $0.set == "fresh" && $0.begin == 115_000_000
        } change: {
            $0.reason = "un|known"
        }
        cells[1].edit {
            $0.twin
        } change: {
            $0.outcome = .refused
        }
        var cut = try TraceBuilder(revocationStory, .certificates)
        cut.fault("died: <&>")
        cut.end(complete: false)
        return try ReportInputs.input(cells + [cut]).results
    }

    func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("SARIF holds what does not hold, each with its rule, place and level")
    func sarif() throws {
        let results = try results()
        let text = try SARIFReport.text(results, catalogue: ReportInputs.catalogue)
        let run = try #require((try object(text)["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]]).compactMap { $0["id"] as? String }
        let found = try #require(run["results"] as? [[String: Any]])
        let bad = results.cells.flatMap(\.checks).filter { [.fail, .inconclusive, .error].contains($0.verdict) }
        #expect(found.count == bad.count && bad.contains { $0.verdict == .inconclusive })
        for result in found {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index] == result["ruleId"] as? String)
            let level = try #require(result["level"] as? String)
            #expect(result["kind"] as? String == "fail" ? ["error", "warning"].contains(level) : level == "none")
        }
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == false)
        #expect(text.contains("\"uri\" : \"scenarios/family/x.yaml\""))
    }

    @Test("The badge is green only where nothing is in doubt")
    func badge() throws {
        let green = try ReportInputs.input(try ReportInputs.stories([.keys])).results
        #expect(try object(BadgeFile.text(green))["message"] as? String == "6 of 6 checks")
        #expect(try object(BadgeFile.text(green))["color"] as? String == "brightgreen")
        #expect(try object(BadgeFile.text(try results()))["color"] as? String == "red")
        var doubt = green
        doubt.cells[0].checks[0].verdict = .inconclusive
        #expect(try object(BadgeFile.text(doubt))["color"] as? String == "yellow")
    }

    @Test("The Markdown summary names every finding, in cells that stay cells")
    func markdown() throws {
        let text = MarkdownSummary.text(try results())
        #expect(text.contains("| ✕ fail | `story.stays` | family/x@api-key | refused for un\\|known, wanted revoked or expired |"))
        #expect(text.contains("| ! error | the cell was played | family/x@mtls | died: &lt;&amp;> |"))
        #expect(text.contains("| Open for | 5–11 ms |"))
    }

    @Test("results.json is as its schema says, member by member")
    func schema() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let schema = try object(
            try String(contentsOf: path.appendingPathComponent("requirements/results.schema.json"), encoding: .utf8))
        var results = try results()
        results.run.shard = "1/2"
        results.cells[0].measures.append(
            MeasureResult(name: "open", value: .window(Bracket(lower: 1, upper: nil, seenOpen: true)), evidence: []))
        results.cells[0].measures.append(MeasureResult(name: "none", value: .notOffered("why"), evidence: []))
        results.cells[0].notOffered = [NotOffered(verb: "revoke", why: "why")]
        results.cells[0].checks[0].facets = [Facet(.security, held: true), Facet(.status, held: nil, why: "why")]
        let document = try object(try ResultsFile.text(results))
        #expect(SchemaWalk(root: schema).problems(document, schema, "") == [])
        // The walk itself must be able to find something.
        var wrong = document
        wrong["unheard-of"] = 1
        wrong["seconds"] = nil
        #expect(SchemaWalk(root: schema).problems(wrong, schema, "").count == 2)
    }
}

/// As much of JSON Schema as results.schema.json needs for members and their types; the rest is for a real validator.
struct SchemaWalk {
    let root: [String: Any]

    func problems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let found = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else { return ["\(path): no \(reference)"] }
            return problems(value, found, path)
        }
        if let choices = schema["enum"] as? [String], !choices.contains((value as? String) ?? "") { return ["\(path): \(value)"] }
        if let items = value as? [Any] {
            guard let item = schema["items"] as? [String: Any] else { return ["\(path): an array"] }
            return items.enumerated().flatMap { problems($0.element, item, "\(path)/\($0.offset)") }
        }
        guard let members = value as? [String: Any] else { return [] }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        var found = (schema["required"] as? [String] ?? []).filter { members[$0] == nil }.map { "\(path)/\($0): missing" }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let property = properties[name] {
                found += problems(member, property, "\(path)/\(name)")
            } else if schema["additionalProperties"] as? [String: Any] == nil {
                found.append("\(path)/\(name): unknown")
            }
        }
        return found
    }
}

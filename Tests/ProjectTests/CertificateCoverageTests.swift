import Forging
import Foundation
import Scenarios
import Testing

/// Every certificate of the manifest, and every chain after x509-limbo, is played against the server as it is judged where it is made.
@Suite("Every certificate is played as its sentence says")
struct CertificateCoverageTests {
    private typealias Row = (scenario: String, expects: Battery.Expected)

    private let batteries: [(id: String, battery: Battery)]

    init() throws {
        let catalogue = try Catalogue.load(from: ImportTableTests.root.path)
        batteries = catalogue.scenarios.compactMap { scenario in scenario.battery.map { (scenario.id, $0) } }
    }

    /// The rows in which something is presented, by its name. Where it is looked at what is written down of a refusal, the refusal
    /// itself is another scenario's.
    private func rows(_ name: (Bend) -> String?) -> [String: [Row]] {
        var rows: [String: [Row]] = [:]
        for (id, battery) in batteries where !id.hasPrefix("storage/") {
            for item in battery.cases {
                for name in item.bends.compactMap(name) { rows[name, default: []].append((id, item.expects)) }
            }
        }
        return rows
    }

    @Test("Those of the manifest") func manifest() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let manifest = try PKIManifest(file: ImportTableTests.root.appending(path: "certs-gen/pki.yaml").path)
        let pki = try PKI.build(manifest: manifest, profile: "every", into: folder.appending(path: "pki").path)
        let rows = rows { if case .certificate(let name) = $0 { name } else { nil } }
        for entry in pki.entries {
            let isWelcome = entry.side == .client && entry.wrong == nil
            let expected: Battery.Expected = entry.authbed != nil ? .answered : isWelcome ? .accepted : .refused
            let played = try #require(rows[entry.name], "\(entry.name) is played nowhere")
            for row in played { #expect(row.expects == expected, "\(entry.name) in \(row.scenario)") }
        }
        #expect(Set(rows.keys).subtracting(pki.entries.map(\.name)) == ["none"])
        print(
            "\(pki.entries.count) certificates, \(pki.entries.count { $0.authbed != nil }) judged otherwise for a reason that is written down"
        )
    }

    @Test("Those after x509-limbo") func limbo() throws {
        let rows = rows { bend in
            switch bend {
            case .limbo(let id), .moment(let id): id
            default: nil
            }
        }
        for limbo in LimboCase.all {
            guard limbo.serverDifference == nil else {
                for row in rows[limbo.id] ?? [] { #expect(row.expects == .answered, "\(limbo.id)") }
                continue
            }
            let played = try #require(rows[limbo.id], "\(limbo.id) is played nowhere")
            for row in played { #expect(row.expects == (limbo.accepts ? .accepted : .refused), "\(limbo.id) in \(row.scenario)") }
        }
        #expect(Set(rows.keys).isSubset(of: LimboCase.all.map(\.id)))
        let right = LimboCase.all.count { $0.serverDifference == nil }
        print(
            "\(LimboCase.all.count) cases after x509-limbo, the server right on \(right), and otherwise for a reason that is written down")
    }
}

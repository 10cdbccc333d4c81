import Auth
import Foundation
import Serving
import Testing

final class AuditLogTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID()).jsonl")

    deinit {
        try? FileManager.default.removeItem(at: file)
    }

    private func record(_ detail: String) -> AuditRecord {
        var record = AuditRecord(time: Date(timeIntervalSince1970: 1.5), event: .request, decision: .refused)
        record.detail = detail
        return record
    }

    private func lines() throws -> [Data] {
        try Data(contentsOf: file).split(separator: 0x0A)
    }

    @Test("Every record is one line, there when the call returns, and only the owner may read it")
    func lineByLine() async throws {
        let log = try AuditLog(path: file.path)
        for count in 1...3 {
            try await log.append(record("\(count)"))
            #expect(try lines().count == count)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(
        "Whatever a caller sends, it stays one line of ASCII and reads back unchanged",
        arguments: [
            "a\nb\r\n{\"event\":\"request\"}", "\u{1B}[2J", "\u{85}\u{2028}\u{202E}x\u{7F}", "é 漢 👩‍🚀", "\0",
        ])
    func injection(detail: String) async throws {
        let log = try AuditLog(path: file.path)
        try await log.append(record(detail))
        let lines = try lines()
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.allSatisfy { (0x20..<0x7F).contains($0) })
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        #expect(try decoder.decode(AuditRecord.self, from: line) == record(detail))
    }

    @Test("A second writer appends, and a moved file is left when reopened")
    func reopening() async throws {
        let log = try AuditLog(path: file.path)
        try await log.append(record("1"))
        try await AuditLog(path: file.path).append(record("2"))
        #expect(try lines().count == 2)
        try FileManager.default.removeItem(at: file)
        try await log.reopen()
        try await log.append(record("3"))
        #expect(try lines().count == 1)
    }

    @Test("A record that cannot be written is an error")
    func full() async throws {
        let log = try AuditLog(path: "/dev/full")
        await #expect(throws: AuditFailure.self) { try await log.append(record("x")) }
    }
}

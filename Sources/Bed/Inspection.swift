import Foundation
import Probing
import Scenarios
import Trace

/// Looks into the files of the server under test after a case: what it stored, printed and wrote down.
struct Inspection: Sendable {
    let stage: Stage
    let credentials: [Credential]
    let events: [CallEvent]

    /// - Parameter name: One of `Battery.findings`.
    /// - Returns: Nil where the subject does not offer what would have to be looked at.
    func count(_ name: String) async -> Int? {
        switch name {
        case "misnamed-callers": return zip(events, credentials).count { !Self.names($0, $1) }
        case "wrong-metadata": return events.count { $0.outcome == .accepted && !isOwnMetadata($0) }
        case "guessable-sessions": return SessionNames(await sessions()).faults
        case "leaks-in-store":
            let folder = stage.world.folder
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return leaks(in: files.filter { $0.hasPrefix("server.sqlite") }.map { "\(folder)/\($0)" })
        case "leaks-in-log": return leaks(in: [stage.world.logPath("server")])
        case "leaks-in-audit": return stage.cell.server.audit ? leaks(in: [stage.world.auditPath]) : nil
        case "unmarked": return stage.cell.server.audit ? unmarked : nil
        case "torn-records": return stage.cell.server.audit ? torn : nil
        case "unplaced-callers": return stage.cell.server.audit ? unplaced : nil
        case "strangers-notes": return events.count { Self.result(of: $0).map(Self.namesNotes) ?? true }
        case "overwritten-notes": return zip(events, credentials).count { Self.result(of: $0)?["text"] as? String != $1.principal }
        case "unaccounted": return stage.cell.server.audit ? unaccounted : nil
        case "health-details": return events.count { Self.body(of: $0).map(Self.tellsMoreThanStatus) ?? true }
        case "one-sided-records": return stage.cell.server.audit ? oneSided : nil
        case "indistinct": return stage.cell.server.audit ? indistinct : nil
        default: return nil
        }
    }

    /// Whether the caller is called by his own name, and is said to have the scopes that he has.
    private static func names(_ event: CallEvent, _ credential: Credential) -> Bool {
        guard let caller = result(of: event) else { return false }
        return caller["principal"] as? String == credential.principal && Set(caller["scopes"] as? [String] ?? []) == Set(credential.scopes)
    }

    /// Whether a list of notes has any: all that were left there are somebody else's.
    private static func namesNotes(_ list: [String: Any]) -> Bool { (list["notes"] as? [Any]).map { !$0.isEmpty } ?? true }

    private static func result(of event: CallEvent) -> [String: Any]? {
        body(of: event).flatMap { Wire.toolResult(Array($0.utf8), contentType: "application/json") }?["structuredContent"] as? [String: Any]
    }

    /// RFC 9728 section 3.3: the resource is the one that was asked, and its issuer the one that is trusted.
    private func isOwnMetadata(_ event: CallEvent) -> Bool {
        guard let text = Self.body(of: event), let members = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
        else { return false }
        let issuers = members["authorization_servers"] as? [String] ?? []
        return members["resource"] as? String == stage.world.serverURL && stage.world.bedIssuer.map { issuers.contains($0.url) } ?? false
    }

    /// Versions, hosts and customers are nobody's business who asks whether a server is well.
    private static func tellsMoreThanStatus(_ body: String) -> Bool {
        guard let members = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] else { return true }
        return members.keys.contains { $0 != "status" }
    }

    private static func body(of event: CallEvent) -> String? {
        event.received.flatMap { text in text.range(of: "\n\n").map { String(text[$0.upperBound...]) } }
    }

    /// Names of sessions that were opened one after another.
    private func sessions() async -> [String] {
        guard var credential = credentials.last else { return [] }
        credential.session = nil
        let probe = stage.probe(for: credential)
        var names: [String] = []
        for _ in 0..<SessionNames.sample {
            if let name = await stage.maker.session(for: credential, url: stage.world.serverURL, with: probe) { names.append(name) }
        }
        return names
    }

    /// How many secrets stand in one of the files, in any of the forms in which secrets are kept by mistake.
    ///
    /// - Returns: Nil where there is no file to look into, or no secret that is long enough to be told from other text.
    private func leaks(in files: [String]) -> Int? {
        let contents = files.compactMap { FileManager.default.contents(atPath: $0) }
        let secrets = Set(credentials.flatMap(\.secrets).filter { $0.count > 15 })
        guard !contents.isEmpty, !secrets.isEmpty else { return nil }
        return secrets.count { secret in
            (Self.forms(secret) + Self.parts(secret)).contains { form in contents.contains { $0.range(of: Data(form.utf8)) != nil } }
        }
    }

    /// Of a token's signature, or of what stands behind the last mark of a key: each overlaps the one before by half.
    private static func parts(_ secret: String) -> [String] {
        let mark: Character = secret.contains(".") ? "." : "_"
        let end = Array(secret[(secret.lastIndex(of: mark).map(secret.index(after:)) ?? secret.startIndex)...])
        guard end.count > 2 * part else { return [] }
        return stride(from: 0, through: end.count - part, by: part / 2).map { String(end[$0..<$0 + part]) }
    }

    /// So many characters in a row are more than people are shown to know a key by.
    private static let part = 16

    private static func forms(_ secret: String) -> [String] {
        let bytes = Array(secret.utf8)
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return [secret, String(secret.suffix(16)), Data(bytes).base64EncodedString(), hex, hex.uppercased(), WebForm.escape(secret)]
    }

    private typealias Record = [String: Any]

    /// Line by line; nil for one that is no record.
    private var records: [Record?] {
        guard let data = FileManager.default.contents(atPath: stage.world.auditPath) else { return [] }
        return data.split(separator: 0x0A).map { line in
            guard let record = (try? JSONSerialization.jsonObject(with: Data(line))) as? Record else { return nil }
            return record["time"] is Double && record["decision"] is String ? record : nil
        }
    }

    /// What the trail says of a call, by the identifier that its answer carried.
    private func record(of event: CallEvent, in records: [Record?]) -> Record? {
        guard let id = event.fields?["x-request-id"] else { return nil }
        return records.last { $0?["request_id"] as? String == id } ?? nil
    }

    /// How many lines are no record; nil for a trail in which nothing is wrong and none of the calls is to be found either.
    private var torn: Int? {
        let records = records
        let torn = records.count { $0 == nil }
        return torn > 0 || events.contains { record(of: $0, in: records) != nil } ? torn : nil
    }

    private var unaccounted: Int {
        let records = records
        return zip(events, credentials).count { event, credential in
            guard let record = record(of: event, in: records), record["peer"] is String else { return true }
            guard event.outcome == .accepted else {
                // Who may come in and not do that is somebody who is known.
                let isKnown = event.reason == "scope"
                return record["decision"] as? String != "refused" || !(record["reason"] is String)
                    || isKnown && (record["principal"] as? String != credential.principal || Self.credential(of: record).isEmpty)
            }
            return record["decision"] as? String != "allowed" || !(record["principal"] is String) || record["tool"] as? String != event.tool
                || Self.credential(of: record).isEmpty
        }
    }

    /// Accepted without anybody's word on whether the certificate is revoked, and not written down so.
    private var unmarked: Int {
        let records = records
        return events.count { $0.outcome == .accepted && record(of: $0, in: records)?["unchecked"] as? String != "revocation" }
    }

    /// Accepted with a certificate and a token, and not written down with both.
    private var oneSided: Int {
        let records = records
        return zip(events, credentials).count { event, credential in
            guard event.outcome == .accepted, let record = record(of: event, in: records) else { return event.outcome == .accepted }
            return record["jti"] == nil || record["serial"] as? String != credential.serial
        }
    }

    /// Which credential it was; empty where the trail does not say.
    private static func credential(of record: Record) -> String {
        ["key_id", "jti", "serial"].compactMap { name in (record[name] as? String).map { "\(name) \($0)" } }.joined(separator: ", ")
    }

    /// How many of the calls, each over a connection of its own, seem to have come over another's.
    private var unplaced: Int {
        let records = records
        let places = events.map { event in record(of: event, in: records)?["peer"] as? String ?? "" }
        return places.count - Set(places.filter { !$0.isEmpty }).count
    }

    /// How many of the calls, each with a credential of its own, look like another one.
    private var indistinct: Int {
        let records = records
        let names = events.map { event in record(of: event, in: records).map(Self.credential) ?? "" }
        return names.count - Set(names.filter { !$0.isEmpty }).count
    }
}

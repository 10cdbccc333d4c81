import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// What is kept of the answer to a bent call, for the judge to look at from four sides.
extension CallMaker {
    /// So many characters of a field are kept: a challenge that explains itself has several hundred, and half of one is none.
    private static let longestField = 4000

    func describe(_ event: inout CallEvent, _ answer: ProbeAnswer, _ plan: PlannedCall) async {
        guard case .response(let status, let headers, let body) = answer.outcome else { return }
        if plan.anySuccess, (200..<300).contains(status) { event.outcome = .accepted }
        // Whatever is no success is a refusal of a bent call; whether it is the right one is the judge's to say.
        if event.outcome == .dropped, status >= 300 {
            event.outcome = .refused
            explain(&event, answer)
        }
        if status >= 400, event.error == nil { event.error = Self.errorCode(in: body) }
        let secrets = plan.credential.secrets + (plan.authorization ?? []).flatMap { $0.split(separator: " ").map(String.init) }
        let text = headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n") + "\n\n" + String(decoding: body, as: UTF8.self)
        event.echoed = Echo.find(in: text, secrets: secrets)
        var fields: [String: String] = [:]
        for header in headers {
            let value = Redaction.apply(String(header.value.prefix(Self.longestField)), secrets: secrets.filter { $0.count > 11 })
            fields[header.name.lowercased(), default: ""] += (fields[header.name.lowercased()] == nil ? "" : ", ") + value
        }
        event.fields = fields
        let changing = ["date", "x-request-id", "content-length", "dpop-nonce"]
        let constant = fields.filter { !changing.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let whole = "\(status)\n" + constant.joined(separator: "\n") + "\n" + String(decoding: body, as: UTF8.self)
        event.fingerprint = ContentDigest.hex(of: Array(whole.utf8))
    }
}

extension CallMaker {
    /// The code of a JSON-RPC error (JSON-RPC 2.0 section 5.1); nil where the body is none.
    fileprivate static func errorCode(in body: [UInt8]) -> String? {
        guard body.count < 1 << 16, let message = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any],
            let code = (message["error"] as? [String: Any])?["code"] as? Int
        else { return nil }
        return "\(code)"
    }
}

/// Finds what an answer gives away.
package enum Echo {
    /// So many octets of a secret in a row are a part of it.
    static let length = 12

    package static func find(in text: String, secrets: [String]) -> String? {
        let octets = Array(text.utf8)
        for secret in secrets {
            let characters = Array(secret.utf8)
            for start in stride(from: 0, through: characters.count - length, by: length / 2)
            where holds(octets, characters[start..<start + length]) { return "a part of the credential" }
        }
        for trace in ["/Sources/", ".swift:", "Traceback (most recent", "at java.", "    at ", "/node_modules/", "Fatal error"]
        where holds(octets, ArraySlice(trace.utf8)) {
            return "where its program is at"
        }
        return nil
    }

    /// By octets: answers are searched thousands of times in a run, and text would be compared character by character.
    private static func holds(_ octets: [UInt8], _ part: ArraySlice<UInt8>) -> Bool {
        octets.withUnsafeBufferPointer { all in
            part.withUnsafeBufferPointer { part in
                guard let first = part.first, all.count >= part.count else { return false }
                return (0...all.count - part.count).contains { start in
                    all[start] == first && (1..<part.count).allSatisfy { all[start + $0] == part[$0] }
                }
            }
        }
    }
}

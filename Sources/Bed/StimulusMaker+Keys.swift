import Forging
import Foundation
import Probing
import Scenarios

/// API keys with one thing wrong.
extension StimulusMaker {
    func key(_ how: String) async throws -> Stimulus {
        guard let key = baseline.apiKey else { throw BedError("\(baseline.name) has no API key") }
        var stimulus = Stimulus(fresh, "key: \(how)")
        stimulus.credential.apiKey = try await changed(key, how)
        if how == "expired" {
            // An hour is what further keys live.
            let clock = stage.world.clock
            stimulus.setUp = { try clock.set(offset: 3700) }
            stimulus.tearDown = { try clock.set(offset: 0) }
        }
        if how.hasSuffix("-of-two") { stimulus.credential.principal = "carol" }
        // Not even blanks are sent of an empty one, and what nobody would take for a key is sent as it is.
        if let text = stimulus.credential.apiKey, text.isEmpty || text.allSatisfy({ $0 == " " }) {
            stimulus.authorization = ["Bearer " + text]
        }
        return stimulus
    }

    private func changed(_ key: String, _ how: String) async throws -> String {
        if how.hasPrefix("length-"), let length = Int(how.dropFirst(7)) { return Self.text(length) }
        if let text = Self.patterns[how] { return text }
        if Bend.key(how).needs.contains(.keyForm), key.split(separator: "_", omittingEmptySubsequences: false).count != 4 {
            throw SubjectGap(
                what: "key-form", why: "its keys are not of the form sk_ENVIRONMENT_ID_SECRET, whose parts could be bent one by one")
        }
        let cut = key.lastIndex(of: "_") ?? key.startIndex
        switch how {
        case "wrong-secret":
            // Another key's secret behind this key's id: the form is right to the last character.
            let other = try await issueKey(principal: "mallory")
            return String(key[..<cut] + other[(other.lastIndex(of: "_") ?? other.startIndex)...])
        case "unknown-id":
            let parts = key.split(separator: "_", omittingEmptySubsequences: false)
            return [String(parts[0]), String(parts[1]), String(parts[2].reversed()), String(parts[3])].joined(separator: "_")
        case "other-environment": return try await issueKey(environment: "dev", principal: "mallory")
        case "revoked":
            let (revoked, id) = try await issueKeyWithID(principal: "mallory")
            _ = try await stage.world.serverHook("revoke").run(stage.world.placeholders(["key-id": [id]]))
            return revoked
        case "truncated": return String(key.dropLast())
        case "extended": return key + "A"
        case "expired": return try await issueKey(principal: "mallory")
        case "first-of-two", "second-of-two": return try await issueKey(principal: "carol")
        case "first-eight": return String(key.prefix(8))
        case "last-changed": return key.dropLast() + (key.last == "A" ? "B" : "A")
        case "first-changed": return "t" + key.dropFirst()
        case "other-case": return key[...cut] + String(key[key.index(after: cut)...].map(Self.flipped))
        case "one-letters-case":
            guard let place = key.indices.last(where: { key[$0].isLetter }) else { return key }
            return key.replacingCharacters(in: place...place, with: String(Self.flipped(key[place])))
        case "percent-nul": return key + "%00"
        case "underscores": return key.contains("_") ? key.replacingOccurrences(of: "_", with: "__") : key + "_"
        case "prefix-and-percent": return key[...cut] + "%"
        case "hash-hex": return ContentDigest.hex(of: Array(key.utf8))
        case "hash-upper-hex": return ContentDigest.hex(of: Array(key.utf8)).uppercased()
        case "hash-base64": return Data(ContentDigest.octets(of: Array(key.utf8))).base64EncodedString()
        default: throw BedError("there is no way to bend a key called \(how)")
        }
    }

    /// What a careless look-up takes for a pattern, a statement or a path.
    private static let patterns = [
        "empty": "", "blank": String(repeating: " ", count: 64), "percent": "%", "asterisk": "*", "quote-or": "' OR '1'='1",
        "object": #"{"$ne":null}"#, "path": "../../etc/passwd", "lookup": "${jndi:ldap://127.0.0.1/x}",
    ]

    private static func flipped(_ letter: Character) -> Character {
        Character(letter.isLowercase ? letter.uppercased() : letter.lowercased())
    }

    static func text(_ length: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<length).map { letters[$0 % letters.count] })
    }
}

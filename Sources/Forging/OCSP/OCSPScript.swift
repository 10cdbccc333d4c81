/// How a responder answers: rules in order, of which the first that fits counts; without one it answers as the PKI knows.
///
/// One rule a line: `ANSWER [MILLISECONDS] [for SERIAL] [times NUMBER]`, such as `revoked`, `slow 2000`, `try-later times 3`
/// or `unknown for 4f0c…e1`. A rule with a number is used up after so many requests. `#` begins a remark.
package struct OCSPScript: Sendable, Hashable {
    package enum Answer: String, Sendable, Hashable, CaseIterable {
        /// What the PKI's ledger says.
        case ledger
        case good, revoked, unknown
        /// Good, and everything but the one thing right.
        case expired
        case notYetValid = "not-yet-valid"
        case noNextUpdate = "no-next-update"
        case wrongNonce = "wrong-nonce"
        case noNonce = "no-nonce"
        case wrongSerial = "wrong-serial"
        case wrongIssuer = "wrong-issuer"
        /// The signer's certificate is the authority's, and not for OCSP.
        case wrongSigner = "wrong-signer"
        /// The signer's certificate is for OCSP, and nobody trusted has issued it.
        case strangeSigner = "strange-signer"
        /// The authority has appointed the signer, whose certificate has ended.
        case expiredDelegate = "expired-delegate"
        /// Nothing is wrong with it: the authority has appointed the signer.
        case delegate
        case badSignature = "bad-signature"
        /// The answers without a content (RFC 6960 section 4.2.1).
        case malformedRequest = "malformed-request"
        case internalError = "internal-error"
        case tryLater = "try-later"
        case signatureRequired = "signature-required"
        case unauthorized
        /// Half an answer.
        case malformed
        case empty
        /// HTTP status 500 in the answer's place.
        case httpError = "http-error"
        /// The connection is reset.
        case down
        /// Right, after so many milliseconds.
        case slow
    }

    package struct Rule: Sendable, Hashable {
        package var answer: Answer
        /// Of `slow`.
        package var milliseconds: Int?
        /// Lower-case hexadecimal; nil for every certificate.
        package var serial: String?
        /// How many requests it is for; nil for all.
        package var times: Int?

        package init(_ answer: Answer, milliseconds: Int? = nil, serial: String? = nil, times: Int? = nil) {
            self.answer = answer
            self.milliseconds = milliseconds
            self.serial = serial
            self.times = times
        }
    }

    package var rules: [Rule]

    package init(_ rules: [Rule] = []) { self.rules = rules }

    /// - Parameter file: For messages.
    /// - Throws: `PKIManifestError`, the first mistake.
    package init(text: String, file: String) throws {
        rules = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard !words.isEmpty else { continue }
            rules.append(
                try Self.rule(words) { word, message in
                    let column = line.utf8.distance(from: line.startIndex, to: word.startIndex) + 1
                    return PKIManifestError(file: file, line: number + 1, column: column, message: message)
                })
        }
    }

    private static func rule(_ words: [Substring], _ mistake: (Substring, String) -> PKIManifestError) throws -> Rule {
        var rest = words[1...]
        guard let answer = Answer(rawValue: String(words[0])) else {
            let known = Answer.allCases.map(\.rawValue).joined(separator: ", ")
            throw mistake(words[0], "expected one of \(known), not '\(words[0])'")
        }
        var rule = Rule(answer)
        if answer == .slow {
            guard let word = rest.popFirst(), let milliseconds = Int(word), (0...600_000).contains(milliseconds) else {
                throw mistake(words[0], "'slow' takes milliseconds, at most 600000")
            }
            rule.milliseconds = milliseconds
        }
        while let key = rest.popFirst() {
            let value = rest.popFirst()
            switch key {
            case "for" where rule.serial == nil:
                guard let value, let octets = Hexadecimal.octets(String(value)), !octets.isEmpty else {
                    throw mistake(value ?? key, "'for' takes a serial number in hexadecimal")
                }
                rule.serial = Hexadecimal.text(octets)
            case "times" where rule.times == nil:
                guard let value, let times = Int(value), (1...1_000_000).contains(times) else {
                    throw mistake(value ?? key, "'times' takes a number from 1 to 1000000")
                }
                rule.times = times
            default: throw mistake(key, "expected 'for SERIAL' or 'times NUMBER', not '\(key)'")
            }
        }
        return rule
    }
}

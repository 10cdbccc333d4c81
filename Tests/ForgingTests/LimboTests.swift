import Forging
import Foundation
import Testing

@Suite("Path validation after x509-limbo") struct LimboTests {
    private static let now = Date().timeIntervalSince1970
    private static let exported = Result { () throws -> (folder: String, results: [LimboSuite.Result]) in
        let folder = try Scratch.untilExit().path + "/limbo"
        return (folder, try LimboSuite(now: now).write(into: folder))
    }

    private let folder: String
    private let results: [LimboSuite.Result]

    init() throws { (folder, results) = try Self.exported.get() }

    @Test func `OpenSSL is right, or it is written down why not`() {
        for result in results { #expect(result.isExplained, "\(result)") }
        let right = results.filter { $0.openssl == $0.expected }.count
        print("\(results.count) cases after x509-limbo, OpenSSL right on \(right)")
        #expect(results.count >= 100)
        #expect(right >= 90)
    }

    @Test func `ids are x509-limbo's, each once, and what is refused has an accepted one beside it`() {
        #expect(Set(results.map(\.id)).count == results.count)
        for result in results {
            #expect(result.id.wholeMatch(of: /(rfc5280|webpki|pathlen|crl)(::[a-z0-9-]+)+/) != nil, "\(result.id)")
            #expect(result.sentence.hasSuffix(".") && result.sentence.contains(" "))
        }
        for group in ["pathlen", "rfc5280::validity", "rfc5280::nc", "rfc5280::eku", "crl", "webpki::san"] {
            let verdicts = results.filter { $0.id.hasPrefix(group + "::") }.map(\.expected)
            #expect(Set(verdicts) == ["accepted", "refused"], "\(group)")
        }
    }

    /// The program shares no code with what is tested but the library below it.
    @Test func `the openssl program says the same of what was written`() throws {
        for result in results {
            let place = "\(folder)/\(LimboSuite.folder(result.id))"
            var arguments = ["verify", "-x509_strict", "-purpose", "sslclient", "-auth_level", "2", "-CAfile", "\(place)/trusted.pem"]
            arguments += ["-attime", "\(result.time ?? Int(Self.now))"]
            if result.hasLists { arguments += ["-crl_check_all", "-CRLfile", "\(place)/lists.pem"] }
            if let depth = result.maxIntermediates { arguments += ["-verify_depth", "\(depth)"] }
            arguments += [["dns": "-verify_hostname", "ip": "-verify_ip", "email": "-verify_email"][result.nameKind] ?? "", result.name]
            let answer = try Scratch.openssl(arguments + ["-untrusted", "\(place)/chain.pem", "\(place)/chain.pem"])
            #expect((answer.status == 0) == (result.openssl == "accepted"), "\(result.id): \(answer.output)")
        }
    }

    @Test func `each leaf goes with its key, which is for its owner only`() throws {
        for result in results {
            let place = "\(folder)/\(LimboSuite.folder(result.id))"
            let certified = try Scratch.openssl(["x509", "-in", "\(place)/chain.pem", "-noout", "-pubkey"]).output
            #expect(try Scratch.openssl(["pkey", "-in", "\(place)/leaf.key", "-pubout"]).output == certified)
            #expect(try FileManager.default.attributesOfItem(atPath: "\(place)/leaf.key")[.posixPermissions] as? Int == 0o600)
            #expect(FileManager.default.fileExists(atPath: "\(place)/lists.pem") == result.hasLists)
        }
    }

    @Test func `the index can be read again`() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = try Data(contentsOf: URL(filePath: "\(folder)/index.json"))
        #expect(try decoder.decode([LimboSuite.Result].self, from: data) == results)
    }

    @Test func `a folder that holds something is left alone`() throws {
        let scratch = try Scratch()
        _ = try scratch.write("mine", as: "letter.txt")
        #expect(throws: ForgingError.self) { try LimboSuite(now: Self.now).write(into: scratch.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["letter.txt"])
    }
}

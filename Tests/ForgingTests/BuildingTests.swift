import Forging
import Foundation
import Testing

@Suite("Building a PKI") struct BuildingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let small = """
        standard:
          trust: root
          signer: root
          certificates:
            root: { cn: Small Root, issuer: self, usage: authority, lifetime: 3650d }
            alice: { cn: alice, issuer: root, usage: client, lifetime: 365d }
        """

    private func build(_ text: String = small, into name: String = "pki") throws -> PKI {
        try PKI.build(manifest: try PKIManifest(text: text, file: "m.yaml"), into: "\(scratch.path)/\(name)")
    }

    @Test func `building again changes nothing`() throws {
        let first = try build()
        #expect(try build().entries == first.entries)
    }

    @Test func `what an older edition built is replaced, and anything else is not`() throws {
        _ = try build()
        let index = URL(filePath: "\(scratch.path)/pki/index.json")
        try Data(#"{"source":"0","certificates":[{"name":"root"}]}"#.utf8).write(to: index)
        #expect(try build().entries.map(\.name).contains("alice"))
        try Data(#"{"certificates":"many"}"#.utf8).write(to: index)
        #expect(throws: ForgingError.self) { try build() }
    }

    @Test func `another manifest gives other certificates`() throws {
        let first = try build()
        let second = try build(Self.small.replacing("cn: alice", with: "cn: alicia"))
        #expect(second.entries.map(\.commonName) == ["Small Root", "alicia"])
        #expect(Set(second.entries.map(\.serial)).isDisjoint(with: first.entries.map(\.serial)))
    }

    @Test func `what is about to end is built again`() throws {
        let short = Self.small.replacing("365d", with: "20d")
        #expect(try build(short).entries != build(short).entries)
        let wrong = Self.small.replacing("lifetime: 365d", with: "lifetime: 20d, wrong: It ends soon.")
        #expect(try build(wrong).entries == build(wrong).entries)
    }

    @Test func `builders side by side agree`() async throws {
        let serials = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { try build().entries.map(\.serial) } }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(serials.count == 1)
    }

    @Test func `a folder with something else in it is left alone`() throws {
        _ = try scratch.write("mine", as: "letter.txt")
        let manifest = try PKIManifest(text: Self.small, file: "m.yaml")
        #expect(throws: ForgingError.self) { try PKI.build(manifest: manifest, into: scratch.path) }
        #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/letter.txt"))
    }

    @Test func `an unknown profile is refused with those there are`() throws {
        let error = #expect(throws: ForgingError.self) {
            try PKI.build(manifest: try PKIManifest(text: Self.small, file: "m.yaml"), profile: "other", into: scratch.path)
        }
        #expect(error?.message == "m.yaml has no profile 'other'; it has standard")
    }

    @Test func `a folder that is no PKI cannot be opened`() {
        #expect(throws: ForgingError.self) { try PKI(opening: scratch.path) }
    }
}

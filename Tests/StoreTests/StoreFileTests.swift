import Auth
import Foundation
import Store
import Testing

@Suite("Store files that cannot be used")
struct StoreFileTests {
    @Test("Something else than a store is left alone, and said so")
    func notAStore() async throws {
        try await withFolder { folder in
            let path = folder + "/notes.txt"
            let text = Data(String(repeating: "This is not a database. ", count: 100).utf8)
            try text.write(to: URL(filePath: path))
            #expect(throws: StoreError.notAStore(path: path)) { try SQLiteAPIKeyStore(path: path) }
            #expect(FileManager.default.contents(atPath: path) == text)
        }
    }

    @Test("A folder that does not exist, and a folder in the file's place, are named in the error")
    func noFolder() async throws {
        try await withFolder { folder in
            for path in [folder + "/none/keys.sqlite", folder] {
                let error = #expect(throws: StoreError.self) { try SQLiteAPIKeyStore(path: path) }
                #expect(error?.description.contains(path) == true)
            }
        }
    }

    @Test(
        "Each error is a sentence with the path",
        arguments: [
            StoreError.readOnly(path: "/x"), .diskFull(path: "/x"), .busy(path: "/x"), .notAStore(path: "/x"), .tooNew(path: "/x"),
            .unusable(path: "/x", reason: "because"),
        ])
    func sentences(error: StoreError) {
        #expect(error.description.contains("/x"))
    }
}

/// A folder of the test's own, gone afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

extension Verdict {
    /// Why not; nil for an acceptance.
    var reason: Reason? {
        if case .refused(let refusal) = self { refusal.reason } else { nil }
    }
}

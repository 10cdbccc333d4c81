import Auth
import Foundation
import Issuer
import Store

/// A store in a folder of its own, gone with the value.
final class TemporaryStore: Sendable {
    let path: String
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "issuer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "issuer.sqlite").path
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func open() throws -> IssuerStore { try IssuerStore(path: path) }
}

/// A moment to count from; a whole second, so that it is the same after being stored.
let start = Date(timeIntervalSince1970: 1_800_000_000)

func later(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

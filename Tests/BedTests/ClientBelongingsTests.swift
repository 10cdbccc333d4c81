import Bed
import ChildProcesses
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ClientBelongingsTests {
    private let secret = "a-secret-\(UUID().uuidString)"
    private var belongings: ClientBelongings { ClientBelongings(secrets: [secret]) }

    @Test func `a file counts that holds a secret and that others may read, wherever it is kept`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let home = folder.appendingPathComponent("home/deep")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let cache = folder.appendingPathComponent("cache.json").path
        func write(_ text: String, _ path: String, mode: Int) {
            #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        }
        func count() -> Int { belongings.readableFiles(in: [folder.appendingPathComponent("home").path], and: cache) }
        #expect(count() == 0)
        write("{\"token\":\"\(secret)\"}", cache, mode: 0o600)
        write("nothing", home.appendingPathComponent("settings").path, mode: 0o644)
        // Beside the cache, and none of the client's.
        write(secret, folder.appendingPathComponent("other.json").path, mode: 0o644)
        #expect(count() == 0)
        write(secret, cache + ".tmp", mode: 0o640)
        write(secret, home.appendingPathComponent("tokens").path, mode: 0o604)
        #expect(count() == 2)
        #expect(belongings.secrets(inFile: cache) == 1)
    }

    @Test func `a process counts that shows a secret in its arguments or its environment, while it runs and in that session`() throws {
        let session = Int(getsid(0))
        func start(_ arguments: [String], _ environment: [String: String]) throws -> ChildProcess {
            let process = try ChildProcess("/bin/sh", ["-c", "echo; read line", "helper"] + arguments, environment: environment)
            // Only when it runs does it show what it was started with.
            #expect(try process.output?.read(upToCount: 1) == Data("\n".utf8))
            return process
        }
        #expect(belongings.processesThatShow(session: session) == 0)
        let helpers = [try start([], [:]), try start([secret], [:]), try start([], ["TOKEN": secret])]
        #expect(belongings.processesThatShow(session: session) == 2)
        #expect(belongings.processesThatShow(session: session + 1_000_000) == 0)
        for helper in helpers {
            try helper.input.close()
            #expect(helper.wait() == 1)
        }
        #expect(belongings.processesThatShow(session: session) == 0)
    }
}

import Foundation
import MCP
import Server
import Testing

/// A directory with something outside it to be reached for.
struct Playground {
    let base: URL
    var root: URL { base.appending(path: "root") }

    init() throws {
        base = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base.appending(path: "root/sub"), withIntermediateDirectories: true)
        try "secret".write(to: base.appending(path: "outside.txt"), atomically: false, encoding: .utf8)
        try "inside".write(to: root.appending(path: "inside.txt"), atomically: false, encoding: .utf8)
        try "deep".write(to: root.appending(path: "sub/deep.txt"), atomically: false, encoding: .utf8)
        let links = [
            ("root/link.txt", "../outside.txt"), ("root/up", ".."), ("root/within.txt", "inside.txt"), ("root/loop", "loop"),
            ("root/dangling.txt", "../new.txt"),
        ]
        for (link, target) in links {
            try FileManager.default.createSymbolicLink(atPath: base.appending(path: link).path(), withDestinationPath: target)
        }
    }

    func remove() { try? FileManager.default.removeItem(at: base) }
}

struct FileRootTests {
    static let waysOut = [
        "../outside.txt", "sub/../../outside.txt", "link.txt", "up/outside.txt", "/etc/passwd", "", ".", "..", "sub/..", "./inside.txt",
        "sub//deep.txt", "sub/", "inside.txt/", "inside.txt/x", "loop", "within.txt", "dangling.txt", "inside.txt\u{0}.png",
        "%2e%2e/outside.txt", "..\\outside.txt", "sub", "../root/inside.txt", String(repeating: "a/", count: 2000) + "b",
    ]

    @Test("A file inside the directory is read")
    func read() throws {
        let playground = try Playground()
        defer { playground.remove() }
        let root = try FileRoot(path: playground.root.path())
        #expect(try root.read("inside.txt") == "inside")
        #expect(try root.read("sub/deep.txt") == "deep")
    }

    @Test("No path leads out, and no link is followed", arguments: waysOut)
    func noWayOut(path: String) throws {
        let playground = try Playground()
        defer { playground.remove() }
        let root = try FileRoot(path: playground.root.path())
        #expect(throws: ToolFailure.self) { try root.read(path) }
    }

    @Test(
        "Nothing is written outside, through a link or over what is no file",
        arguments: waysOut.filter { !$0.contains("\\") && !$0.contains("%") })
    func noWritingOut(path: String) throws {
        let playground = try Playground()
        defer { playground.remove() }
        let root = try FileRoot(path: playground.root.path())
        #expect(throws: ToolFailure.self) { try root.write("forged", to: path) }
        #expect(try String(contentsOf: playground.base.appending(path: "outside.txt"), encoding: .utf8) == "secret")
        #expect(!FileManager.default.fileExists(atPath: playground.base.appending(path: "new.txt").path()))
        #expect(try root.read("inside.txt") == "inside")
    }

    @Test("A file is written whole, and nothing else is left behind")
    func write() throws {
        let playground = try Playground()
        defer { playground.remove() }
        let root = try FileRoot(path: playground.root.path())
        try root.write("new", to: "sub/new.txt")
        try root.write("newer", to: "sub/new.txt")
        #expect(try root.read("sub/new.txt") == "newer")
        #expect(try FileManager.default.contentsOfDirectory(atPath: playground.root.path() + "/sub").sorted() == ["deep.txt", "new.txt"])
    }

    @Test("What is no text, or too long, is not read")
    func contents() throws {
        let playground = try Playground()
        defer { playground.remove() }
        try Data([0xFF, 0xFE]).write(to: playground.root.appending(path: "binary"))
        try Data(count: FileRoot.maximumSize + 1).write(to: playground.root.appending(path: "long"))
        let root = try FileRoot(path: playground.root.path())
        #expect(throws: ToolFailure.self) { try root.read("binary") }
        #expect(throws: ToolFailure.self) { try root.read("long") }
        #expect(throws: ToolFailure.self) { try root.write(String(repeating: "a", count: FileRoot.maximumSize + 1), to: "long2") }
    }
}

import Foundation

/// What a client under test leaves in sight of others on the machine: in its files, and in the arguments and the environment of its
/// processes.
package struct ClientBelongings: Sendable {
    /// What nobody else may see.
    private let secrets: [String]

    package init(secrets: [String]) { self.secrets = secrets }

    /// How many of the secrets stand in a file.
    package func secrets(inFile path: String) -> Int {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return secrets.count(where: text.contains)
    }

    /// How many files hold a secret and may be read by others than their owner.
    ///
    /// - Parameters:
    ///   - folders: Those that are the client's alone.
    ///   - file: One that it was told of; what it keeps beside it has a name that begins with this one's.
    package func readableFiles(in folders: [String], and file: String) -> Int {
        let place = URL(fileURLWithPath: file)
        let beside = ((try? FileManager.default.contentsOfDirectory(atPath: place.deletingLastPathComponent().path)) ?? [])
            .filter { $0.hasPrefix(place.lastPathComponent) }.map { place.deletingLastPathComponent().path + "/" + $0 }
        let inside = folders.flatMap { folder in
            (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).map { folder + "/" + $0 }
        }
        return (beside + inside).count { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard attributes?[.type] as? FileAttributeType == .typeRegular, let mode = attributes?[.posixPermissions] as? NSNumber else {
                return false
            }
            return mode.intValue & 0o077 != 0 && secrets(inFile: path) > 0
        }
    }

    /// How many processes of a session show a secret in their arguments or in the environment that they were started with.
    package func processesThatShow(session: Int) -> Int {
        let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int($0) }
        return processes.count { process in
            guard Self.session(of: process) == session else { return false }
            return ["cmdline", "environ"].contains { name in
                // Zeros stand between the words; what is no text is no secret of the bed's either.
                let shown = String(decoding: FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data(), as: UTF8.self)
                return secrets.contains(where: shown.contains)
            }
        }
    }

    /// The sixth field of proc(5)'s `stat`, behind a name that may hold anything.
    private static func session(of process: Int) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 3 ? Int(fields[3]) : nil
    }
}

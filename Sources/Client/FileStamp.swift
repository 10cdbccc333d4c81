import struct Foundation.Date
import struct Foundation.FileAttributeKey
import class Foundation.FileManager

/// What changes when a file is written or replaced: enough to know that it must be read again.
struct FileStamp: Hashable {
    private let number: Int?
    private let size: Int?
    private let changed: Date?

    /// Nil when there is no such file now. A link is followed: what counts is the file that would be read.
    init?(_ path: String) {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)).map { Self.resolve($0, from: path) } ?? path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        number = attributes[.systemFileNumber] as? Int
        size = attributes[.size] as? Int
        changed = attributes[.modificationDate] as? Date
    }

    private static func resolve(_ target: String, from link: String) -> String {
        guard !target.hasPrefix("/"), let slash = link.lastIndex(of: "/") else { return target }
        return link[...slash] + target
    }
}

import Foundation

/// The file behind `authbed browse --login`: whose login it is.
package struct BrowseOrder: Sendable, Codable {
    package var user: String
    package var password: String
    /// Whom to trust: a PEM file; nil where there is no TLS.
    package var ca: String?
    /// A file to which each address that is shown is added, without its parameters, one a line; nil where nobody asks.
    package var shown: String?

    package init(user: String, password: String, ca: String?, shown: String? = nil) {
        self.shown = shown
        self.user = user
        self.password = password
        self.ca = ca
    }

    /// - Throws: `BedError` when the file cannot be read as an order, or could be read by others.
    package init(file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else { throw BedError("\(file): cannot be read") }
        let mode = (try? FileManager.default.attributesOfItem(atPath: file))?[.posixPermissions] as? NSNumber
        if let mode, mode.intValue & 0o077 != 0 { throw BedError("\(file): holds a password and can be read by others; chmod 600 it") }
        do {
            self = try JSONDecoder().decode(BrowseOrder.self, from: data)
        } catch {
            throw BedError("\(file): expected a JSON object with user and password, and perhaps ca and shown")
        }
    }

    /// Writes down what somebody has this browser show, whatever comes of it.
    package func note(_ url: String) throws {
        guard let shown else { return }
        if !FileManager.default.fileExists(atPath: shown) { try Documents.write(Data(), to: shown) }
        guard let file = FileHandle(forWritingAtPath: shown) else { throw BedError("\(shown): cannot be written") }
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data("\(url.prefix { $0 != "?" })\n".utf8))
    }

    package var person: HeadlessPerson { HeadlessPerson(user: user, password: password, ca: ca) }
}

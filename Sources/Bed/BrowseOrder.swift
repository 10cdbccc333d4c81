import Foundation

/// The file behind `authbed browse --login`: whose login it is.
package struct BrowseOrder: Sendable, Codable {
    package var user: String
    package var password: String
    /// Whom to trust: a PEM file; nil where there is no TLS.
    package var ca: String?
    /// What the pages' controls are called; nil for the usual names.
    package var fields: PageFields?

    package init(user: String, password: String, ca: String?, fields: PageFields? = nil) {
        self.user = user
        self.password = password
        self.ca = ca
        self.fields = fields
    }

    /// - Throws: `BedError` when the file cannot be read as an order, or could be read by others.
    package init(file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else { throw BedError("\(file): cannot be read") }
        let mode = (try? FileManager.default.attributesOfItem(atPath: file))?[.posixPermissions] as? NSNumber
        if let mode, mode.intValue & 0o077 != 0 { throw BedError("\(file): holds a password and can be read by others; chmod 600 it") }
        do {
            self = try JSONDecoder().decode(BrowseOrder.self, from: data)
        } catch {
            throw BedError("\(file): expected a JSON object with user and password, and perhaps ca and fields")
        }
    }

    package var person: HeadlessPerson { HeadlessPerson(user: user, password: password, ca: ca, fields: fields ?? PageFields()) }
}

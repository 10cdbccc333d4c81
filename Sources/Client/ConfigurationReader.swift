import MCP

/// Reads the members of one object of a configuration document; what it was not asked for is an error.
struct ConfigurationReader {
    private let file: String
    private let text: String
    private let members: [String: JSONValue]
    private let place: String
    private var asked: Set<String> = []

    init(file: String, text: String) throws(ConfigurationError) {
        self.file = file
        self.text = text
        place = ""
        let document: JSONValue
        do {
            document = try JSONValue(parsing: text)
        } catch {
            throw ConfigurationError(file: file, text: text, offset: error.offset, message: "this is not JSON: \(error.message)")
        }
        guard let members = document.object else {
            throw ConfigurationError(file: file, text: text, offset: 0, message: "expected an object")
        }
        self.members = members
    }

    private init(parent: ConfigurationReader, name: String, members: [String: JSONValue]) {
        file = parent.file
        text = parent.text
        place = "\(name)."
        self.members = members
    }

    /// A text, or nil when the member is absent or null.
    mutating func string(_ name: String) throws(ConfigurationError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string, !text.isEmpty else { throw error(name, "expected a text that is not empty") }
        return text
    }

    mutating func required(_ name: String) throws(ConfigurationError) -> String {
        guard let text = try string(name) else { throw error(name, "is required") }
        return text
    }

    /// - Parameter such: An example, for the message.
    mutating func address(_ name: String, such: String) throws(ConfigurationError) -> WebAddress? {
        guard let text = try string(name) else { return nil }
        guard let address = WebAddress(text) else { throw error(name, "expected an address such as \(such)") }
        return address
    }

    mutating func whole(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer, range.contains(number) else {
            throw error(name, "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func truth(_ name: String) throws(ConfigurationError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let truth = value.bool else { throw error(name, "expected true or false") }
        return truth
    }

    mutating func strings(_ name: String) throws(ConfigurationError) -> [String] {
        guard let value = value(name) else { return [] }
        let texts = value.array?.compactMap(\.string)
        guard let texts, texts.count == value.array?.count else { throw error(name, "expected an array of texts") }
        return texts
    }

    mutating func object(_ name: String) throws(ConfigurationError) -> ConfigurationReader? {
        guard let value = value(name) else { return nil }
        guard let members = value.object else { throw error(name, "expected an object") }
        return ConfigurationReader(parent: self, name: name, members: members)
    }

    /// To be called when everything known has been asked for.
    func finish() throws(ConfigurationError) {
        guard let unknown = Set(members.keys).subtracting(asked).min() else { return }
        throw error(unknown, "is not known; expected one of \(asked.sorted().joined(separator: ", "))")
    }

    /// An error at a member, or at the start of the document when the member is absent.
    func error(_ name: String, _ message: String) -> ConfigurationError {
        ConfigurationError(file: file, text: text, offset: offset(of: name), message: "\(place)\(name): \(message)")
    }

    private mutating func value(_ name: String) -> JSONValue? {
        asked.insert(name)
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    private func offset(of name: String) -> Int {
        text.firstRange(of: "\"\(name)\"").map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) } ?? 0
    }
}

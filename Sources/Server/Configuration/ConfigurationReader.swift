import MCP

/// Takes an object of a configuration apart, member by member, and objects to what nobody asked for.
struct ConfigurationReader {
    private let document: JSONDocument
    private let pointer: String
    private var members: [String: JSONValue]

    init(_ document: JSONDocument) throws(ConfigurationProblem) {
        try self.init(document, value: document.value, pointer: "")
    }

    private init(_ document: JSONDocument, value: JSONValue, pointer: String) throws(ConfigurationProblem) {
        self.document = document
        self.pointer = pointer
        guard case .object(let members) = value else {
            throw Self.error(document, at: pointer, "expected an object")
        }
        self.members = members
    }

    private static func error(_ document: JSONDocument, at pointer: String, _ message: String) -> ConfigurationProblem {
        let position = document.position(of: pointer)
        return ConfigurationProblem(line: position.line, column: position.column, message)
    }

    /// An objection to a member, or to the object itself.
    func error(_ member: String? = nil, _ message: String) -> ConfigurationProblem {
        Self.error(document, at: member.map { "\(pointer)/\($0)" } ?? pointer, message)
    }

    /// The member, removed, so that `finish` sees what is left; nil when absent or `null`.
    private mutating func take(_ member: String) -> JSONValue? {
        guard let value = members.removeValue(forKey: member), !value.isNull else { return nil }
        return value
    }

    mutating func string(_ member: String) throws(ConfigurationProblem) -> String? {
        guard let value = take(member) else { return nil }
        guard let text = value.string else { throw error(member, "\(member) must be a string") }
        return text
    }

    mutating func requiredString(_ member: String) throws(ConfigurationProblem) -> String {
        guard let text = try string(member) else { throw error(nil, "\(member) is required") }
        return text
    }

    mutating func bool(_ member: String, default fallback: Bool) throws(ConfigurationProblem) -> Bool {
        guard let value = take(member) else { return fallback }
        guard let flag = value.bool else { throw error(member, "\(member) must be true or false") }
        return flag
    }

    mutating func integer(_ member: String, in range: ClosedRange<Int>, default fallback: Int) throws(ConfigurationProblem) -> Int {
        guard let value = take(member) else { return fallback }
        guard let number = value.integer, range.contains(number) else {
            throw error(member, "\(member) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func strings(_ member: String) throws(ConfigurationProblem) -> [String] {
        guard let value = take(member) else { return [] }
        guard let values = value.array, values.allSatisfy({ $0.string != nil }) else {
            throw error(member, "\(member) must be a list of strings")
        }
        return values.compactMap(\.string)
    }

    /// Reads a member that is an object of lists of strings; empty when absent or `null`.
    mutating func listsByName(_ member: String) throws(ConfigurationProblem) -> [String: [String]] {
        guard let value = take(member) else { return [:] }
        guard case .object(let lists) = value else { throw error(member, "\(member) must be an object") }
        var result: [String: [String]] = [:]
        for (name, list) in lists {
            guard let values = list.array, values.allSatisfy({ $0.string != nil }) else {
                throw error("\(member)/\(name)", "\(name) must be a list of strings")
            }
            result[name] = values.compactMap(\.string)
        }
        return result
    }

    /// Reads a member that is an object, strictly; nil when absent or `null`.
    mutating func object<Result>(
        _ member: String, _ read: (inout ConfigurationReader) throws(ConfigurationProblem) -> Result
    ) throws(ConfigurationProblem) -> Result? {
        guard let value = take(member) else { return nil }
        return try Self.read(document, value: value, pointer: "\(pointer)/\(member)", read)
    }

    /// Reads a document that is a list of objects, each strictly.
    static func objects<Result>(
        in document: JSONDocument, _ read: (inout ConfigurationReader) throws(ConfigurationProblem) -> Result
    ) throws(ConfigurationProblem) -> [Result] {
        guard let values = document.value.array else { throw error(document, at: "", "expected a list") }
        var results: [Result] = []
        for (index, value) in values.enumerated() {
            results.append(try Self.read(document, value: value, pointer: "/\(index)", read))
        }
        return results
    }

    /// Reads a member that is a list of objects, each strictly.
    mutating func objects<Result>(
        _ member: String, _ read: (inout ConfigurationReader) throws(ConfigurationProblem) -> Result
    ) throws(ConfigurationProblem) -> [Result] {
        guard let value = take(member) else { return [] }
        guard let values = value.array else { throw error(member, "\(member) must be a list") }
        var results: [Result] = []
        for (index, value) in values.enumerated() {
            results.append(try Self.read(document, value: value, pointer: "\(pointer)/\(member)/\(index)", read))
        }
        return results
    }

    private static func read<Result>(
        _ document: JSONDocument, value: JSONValue, pointer: String,
        _ read: (inout ConfigurationReader) throws(ConfigurationProblem) -> Result
    ) throws(ConfigurationProblem) -> Result {
        var reader = try ConfigurationReader(document, value: value, pointer: pointer)
        let result = try read(&reader)
        try reader.finish()
        return result
    }

    /// Objects to a member that was not asked for: a misspelt setting would silently not apply.
    func finish() throws(ConfigurationProblem) {
        guard let stranger = members.keys.min(by: { document.position(of: "\(pointer)/\($0)") < document.position(of: "\(pointer)/\($1)") })
        else { return }
        throw error(stranger, "unknown member \(stranger)")
    }
}

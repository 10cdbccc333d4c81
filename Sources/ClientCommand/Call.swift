import ArgumentParser
import MCP

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls one tool.",
        discussion: """
            Examples:
              mcp-client call read_file --arg path=notes.txt --server https://127.0.0.1:4381/mcp --ca ca.pem --api-key-file key.txt
              mcp-client call canary.stream --arg-json count=3 --config client.json --json
            """)

    @Argument(help: "The tool's name.")
    var tool: String

    @Option(name: .customLong("arg"), help: ArgumentHelp("An argument that is a text.", valueName: "name=text"))
    var texts: [String] = []

    @Option(name: .customLong("arg-json"), help: ArgumentHelp("An argument of any kind, as JSON.", valueName: "name=json"))
    var values: [String] = []

    @Flag(help: "Print the whole result, or the error, as one JSON object.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Calling.tool(tool, try arguments(), connection, json: json)
    }

    private func arguments() throws -> [String: JSONValue] {
        var arguments: [String: JSONValue] = [:]
        for text in texts {
            let (name, value) = try pair(text, option: "--arg")
            guard arguments.updateValue(.string(value), forKey: name) == nil else {
                throw Misuse(message: "the argument \(name) is given twice")
            }
        }
        for text in values {
            let (name, json) = try pair(text, option: "--arg-json")
            guard let value = try? JSONValue(parsing: json) else { throw Misuse(message: "--arg-json \(name): this is not JSON") }
            guard arguments.updateValue(value, forKey: name) == nil else { throw Misuse(message: "the argument \(name) is given twice") }
        }
        return arguments
    }

    private func pair(_ text: String, option: String) throws -> (String, String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw Misuse(message: "\(option) \(text): expected name=value")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}

import Serving

/// The program `mcp-server serve`, and every variant of it.
package enum ServerProgram {
    /// Serves until it is told to stop.
    ///
    /// - Parameters:
    ///   - configurationText: The configuration document.
    ///   - file: How errors name the document.
    ///   - exitWithParent: End when standard input is closed.
    ///   - bend: Changes the correct assembly; a defect does, the real program does not.
    /// - Throws: `ServerConfigurationError`, or what keeps the server from starting.
    package static func serve(
        configurationText: String, file: String = "configuration", exitWithParent: Bool, bend: @escaping MCPServer.Bend = { _ in }
    ) async throws {
        let configuration = try configuration(parsing: configurationText, file: file)
        try await MCPServer(configuration, bend: bend).run(exitWithParent: exitWithParent)
    }

    /// - Throws: `ServerConfigurationError`, with the file's name before the place in it.
    package static func configuration(parsing text: String, file: String) throws -> ServerConfiguration {
        do {
            return try ServerConfiguration(parsing: text)
        } catch {
            throw ServerConfigurationError(description: "\(file):\(error)")
        }
    }

    /// The text of a configuration; `-` is the first line of standard input.
    package static func read(_ file: String) throws -> String {
        do {
            return try ConfigurationInput.read(file)
        } catch {
            throw ServerConfigurationError(description: "\(error)")
        }
    }
}

/// A configuration that cannot be used: `FILE:LINE:COLUMN: error: …`.
package struct ServerConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
}

/// What the program `mcp-client` does once its arguments are read; and the entry for a client with one part bent.
package enum ClientProgram {
    /// Runs `mcp-client session`: a configuration, then commands on standard input until it ends or SIGTERM comes.
    ///
    /// - Parameters:
    ///   - configurationText: The document. When it came from standard input, its line has been read and nothing more.
    ///   - file: The document's name for messages.
    ///   - exitWithParent: Whether the end of standard input means that nobody waits for answers any more: then only calls that are
    ///     answered soon are.
    ///   - bend: Changes the standard parts.
    /// - Returns: The exit code: 0, 2 for a wrong document, 3 for a fault of its own.
    package static func session(
        configurationText: String, file: String = "<configuration>", exitWithParent: Bool, bend: (inout ClientParts) -> Void = { _ in }
    ) async -> Int32 {
        let configuration: ClientConfiguration
        do throws(ConfigurationError) {
            configuration = try ClientConfiguration(parsing: configurationText, file: file)
        } catch {
            StandardStreams.complain(error.description)
            return 2
        }
        var parts = ClientParts.standard(report: { complain($0) })
        bend(&parts)
        let client = MCPClient(configuration, parts: parts)
        let (lines, end) = StandardStreams.lines()
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        // Calls under way are answered, but nobody waits for a person who was to log in.
        let signals = EndSignals {
            end.finish()
            Self.finish(ended, after: .seconds(5))
        }
        let output = LineWriter()
        Task {
            await ClientSession(client: client) { await output.write($0) }.run(lines) {
                if exitWithParent { Self.finish(ended, after: configuration.patience) }
            }
            ended.finish()
        }
        for await _ in ends {}
        signals.cancel()
        await client.close()
        return 0
    }

    private static func finish(_ stream: AsyncStream<Void>.Continuation, after pause: Duration) {
        Task {
            try? await Task.sleep(for: pause, clock: .suspending)
            stream.finish()
        }
    }

    /// Says something on standard error, in the form that all programs here use.
    package static func complain(_ message: String) {
        StandardStreams.complain("mcp-client: error: \(message)")
    }
}

/// Keeps the lines of commands that run side by side whole.
private actor LineWriter {
    func write(_ line: String) {
        StandardStreams.write(line)
    }
}

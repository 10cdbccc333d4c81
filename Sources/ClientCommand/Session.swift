import ArgumentParser
import Client

struct Session: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Makes calls as commands on standard input say, over one client that keeps its token and its connections.",
        discussion: """
            Prints {"ready":{"client":true}}, then answers each line with one line, as soon as it is done:
              {"id":1,"call":"canary.read","arguments":{},"parallel":8}
              {"id":1,"results":[{"ok":true,"result":{…}},{"ok":false,"kind":"refused","status":401,"error":"…"},…],"token_requests":1,"authorizations":0}
            "token_requests" counts questions to the token endpoint so far, "authorizations" how often a person was asked to log in. \
            "kind" is refused, transport, tls or protocol. Ends with standard input, or on SIGTERM.

            Example:
              echo '{"id":1,"call":"whoami"}' | mcp-client session --config client.json
            """)

    @Option(help: "The configuration, a JSON file, or - for the first line on standard input.")
    var config: String

    @Flag(help: "End when the parent process dies.")
    var exitWithParent = false

    func run() async throws {
        let (text, file) = try Document.read(config)
        let code = await ClientProgram.session(configurationText: text, file: file, exitWithParent: exitWithParent)
        throw ExitCode(code)
    }
}

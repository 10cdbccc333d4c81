import ArgumentParser
import Client
import Defects
import Foundation
import Issuer
import Server

@main
struct Defective: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "defective",
        abstract: "A server, issuer or client with exactly one thing bent, for proving that a check bites.",
        discussion: """
            Several things can be bent at once, each over what those before it have left, to show that none of them changes \
            anything where none should.

            EXAMPLES
              defective list
              defective server --defect server/ignores-audience --config server.json
              defective server --defect server/prints-credentials --defect server/sends-no-challenge --config server.json
              defective client --defect client/verifies-nothing --config -
            """,
        subcommands: [ListCommand.self, ServerCommand.self, IssuerCommand.self, ClientCommand.self, WatchCommand.self])

    struct Options: ParsableArguments {
        @Option(help: "A defect's identifier, as `defective list` shows it; may be given several times.") var defect: [String]
        @Option(help: "The configuration document's file; - for standard input.") var config: String
        @Flag(help: "End when standard input does.") var exitWithParent = false

        /// The bends of all of them, one after the other.
        ///
        /// - Parameter bend: What a defect bends in the role; nil for one of another role.
        func bends<Parts>(
            of role: String, _ bend: (Defect.Bend) -> (@Sendable (inout Parts) -> Void)?
        ) throws -> @Sendable (inout Parts) -> Void {
            let bends = try defect.map { name in
                guard let defect = Defect.named(name) else { throw ValidationError("there is no defect \(name); see `defective list`") }
                guard let bend = bend(defect.bend) else { throw ValidationError("\(name) is no defect of \(role)") }
                return bend
            }
            return { parts in for bend in bends { bend(&parts) } }
        }
    }

    struct ListCommand: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the defects.")

        func run() {
            for defect in Defect.all { print(defect.id) }
        }
    }

    struct ServerCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "server", abstract: "A defective mcp-server.")
        @OptionGroup var options: Options

        func run() async throws {
            let bend = try options.bends(of: "a server") { if case .server(let bend) = $0 { bend } else { nil } }
            try await ServerProgram.serve(
                configurationText: try IssuerProgram.read(options.config), exitWithParent: options.exitWithParent, bend: bend)
        }
    }

    struct IssuerCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "issuer", abstract: "A defective token-issuer.")
        @OptionGroup var options: Options

        func run() async throws {
            let bend = try options.bends(of: "an issuer") { if case .issuer(let bend) = $0 { bend } else { nil } }
            try await IssuerProgram.serve(
                configurationText: try IssuerProgram.read(options.config), exitWithParent: options.exitWithParent, bend: bend)
        }
    }

    struct ClientCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "client", abstract: "A defective mcp-client session.")
        @OptionGroup var options: Options

        func run() async throws {
            let bend = try options.bends(of: "a client") { if case .client(let bend) = $0 { bend } else { nil } }
            let status = await ClientProgram.session(
                configurationText: try IssuerProgram.read(options.config), exitWithParent: options.exitWithParent, bend: bend)
            throw ExitCode(status)
        }
    }
}

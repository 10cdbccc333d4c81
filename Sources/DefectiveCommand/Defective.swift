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
            EXAMPLES
              defective list
              defective server --defect server/ignores-audience --config server.json
              defective client --defect client/verifies-nothing --config -
            """,
        subcommands: [ListCommand.self, ServerCommand.self, IssuerCommand.self, ClientCommand.self, WatchCommand.self])

    struct Options: ParsableArguments {
        @Option(help: "The defect's identifier, as `defective list` shows it.") var defect: String
        @Option(help: "The configuration document's file; - for standard input.") var config: String
        @Flag(help: "End when standard input does.") var exitWithParent = false

        func defect(of role: String) throws -> Defect {
            guard let defect = Defect.named(defect) else { throw ValidationError("there is no defect \(defect); see `defective list`") }
            return defect
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
            guard case .server(let bend) = try options.defect(of: "server").bend else {
                throw ValidationError("\(options.defect) is no defect of a server")
            }
            try await ServerProgram.serve(
                configurationText: try IssuerProgram.read(options.config), exitWithParent: options.exitWithParent, bend: bend)
        }
    }

    struct IssuerCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "issuer", abstract: "A defective token-issuer.")
        @OptionGroup var options: Options

        func run() async throws {
            guard case .issuer(let bend) = try options.defect(of: "issuer").bend else {
                throw ValidationError("\(options.defect) is no defect of an issuer")
            }
            try await IssuerProgram.serve(
                configurationText: try IssuerProgram.read(options.config), exitWithParent: options.exitWithParent, bend: bend)
        }
    }

    struct ClientCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "client", abstract: "A defective mcp-client session.")
        @OptionGroup var options: Options

        func run() async throws {
            guard case .client(let bend) = try options.defect(of: "client").bend else {
                throw ValidationError("\(options.defect) is no defect of a client")
            }
            let status = await ClientProgram.session(
                configurationText: try IssuerProgram.read(options.config), exitWithParent: options.exitWithParent, bend: bend)
            throw ExitCode(status)
        }
    }
}

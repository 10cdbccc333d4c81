import ArgumentParser
import Defects
import Foundation
import Issuer
import Server

extension Defective {
    struct WatchCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch",
            abstract: "The right mcp-server, which tells of each defect when it would have done something else.",
            discussion: """
                One line on standard error for each defect, at the first thing it would have done otherwise: acts: IDENTIFIER

                EXAMPLES
                  defective watch --config server.json
                """)
        @Option(help: "The configuration document's file; - for standard input.") var config: String
        @Flag(help: "End when standard input does.") var exitWithParent = false

        func run() async throws {
            let watch = Watch { FileHandle.standardError.write(Data("acts: \($0)\n".utf8)) }
            try await ServerProgram.serve(
                configurationText: try IssuerProgram.read(config), exitWithParent: exitWithParent, bend: { watch.bend(&$0) })
        }
    }
}

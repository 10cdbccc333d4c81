import ArgumentParser
import Defects
import Foundation
import Issuer
import Server

extension Defective {
    struct WatchCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch",
            abstract: "The right mcp-server or token-issuer, which tells of each defect when it would have done something else.",
            discussion: """
                On standard error, a line for each defect and request in which it would have done something else, by the \
                X-Request-Id of the answer, or for each defect, where that belongs to no request:
                  acts: IDENTIFIER in REQUEST
                  acts: IDENTIFIER
                Before that, of a server, which pieces each defect drops, replaces, or wraps, which is to build on what is there:
                  bends: IDENTIFIER drops PIECE

                EXAMPLES
                  defective watch --config server.json
                  defective watch --role issuer --config issuer.json
                """)
        enum Role: String, ExpressibleByArgument { case server, issuer }

        @Option(help: "What is watched: server or issuer.") var role = Role.server
        @Option(help: "The configuration document's file; - for standard input.") var config: String
        @Flag(help: "End when standard input does.") var exitWithParent = false

        func run() async throws {
            let report: Watch.Report = { defects, request in
                let place = request.map { " in \($0)" } ?? ""
                FileHandle.standardError.write(Data(defects.map { "acts: \($0)\(place)\n" }.joined().utf8))
            }
            let text = try IssuerProgram.read(config)
            switch role {
            case .server:
                let bends: Watch.Bends = { defect, bendings in
                    let lines = bendings.sorted { $0.key < $1.key }.map { "bends: \(defect) \($1.rawValue) \($0)\n" }
                    FileHandle.standardError.write(Data(lines.joined().utf8))
                }
                let watch = Watch(bends: bends, report: report)
                try await ServerProgram.serve(configurationText: text, exitWithParent: exitWithParent, bend: { watch.bend(&$0) })
            case .issuer:
                let watch = IssuerWatch(report: report)
                try await IssuerProgram.serve(configurationText: text, exitWithParent: exitWithParent, bend: { watch.bend(&$0) })
            }
        }
    }
}

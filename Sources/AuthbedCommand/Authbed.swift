import ArgumentParser

@main
struct Authbed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authbed",
        abstract: "Tests the authentication of MCP servers, token issuers and clients, and measures what each scheme is worth.",
        discussion: """
            Scenarios are played against real processes, in every scheme; what happened is written to a trace, and the \
            trace is judged.

            EXAMPLES
              authbed run                          all, and the comparison table
              authbed demo replay/captured         one scenario, told slowly: begin here
              authbed explain token.audience       a check, and what proves it
              authbed advise                       which scheme, and the numbers why
              authbed run revocation --scheme mtls-crl
              authbed run --subject my/server      yours; docs/subjects.md says how
              authbed prove                        show that every check can fail
              authbed judge results/latest/events.jsonl
              authbed compare old/ results/latest  only what changed

            EXIT STATUS
              0 nothing found                      1 findings
              2 misuse, or a file with errors      3 the bed's own fault
              130 stopped by Ctrl-C                143 stopped by SIGTERM
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, ProfilesCommand.self, SubjectsCommand.self, MatrixCommand.self, ListCommand.self, LintCommand.self,
            JudgeCommand.self, ProveCommand.self, EditsCommand.self,
            TableCommand.self,
            BenchCommand.self, ReportCommand.self, ExplainCommand.self, CompareCommand.self, MergeCommand.self, ReadmeCommand.self,
            DemoCommand.self, AdviseCommand.self, BrowseCommand.self, ReplayWorkerCommand.self,
        ],
        defaultSubcommand: nil)

    /// ArgumentParser ends with 64 on misuse; here it is 2, as everywhere in the project.
    static func main() async {
        do {
            var command = try parseAsRoot()
            let kind = type(of: command)
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                // What a command itself found wrong with what it was told is about this command.
                Terminal.complain("authbed: error: \(error.message)\n  See '\(help(for: kind))' for more information.")
                throw ExitCode(2)
            }
            if let loss = Terminal.loss {
                Terminal.complain("authbed: error: standard output: \(loss)")
                throw ExitCode(3)
            }
            // Whatever it came to: what is not there was not asked for any more.
            if let status = Interruption.status { exit(withError: status) }
        } catch let code as ExitCode {
            exit(withError: Interruption.status ?? code)
        } catch {
            if let status = Interruption.status { exit(withError: status) }
            let message = fullMessage(for: error)
            let status = exitCode(for: error)
            if status == .success {
                print(message)
                exit(withError: ExitCode.success)
            }
            Terminal.complain(message.hasPrefix("Error: ") ? "authbed: error: " + message.dropFirst(7) : message)
            exit(withError: ExitCode(status == .validationFailure ? 2 : 3))
        }
    }

    /// How its help is asked for.
    private static func help(for command: any ParsableCommand.Type) -> String {
        func path(from parent: any ParsableCommand.Type, _ names: [String]) -> [String]? {
            if parent == command { return names }
            return parent.configuration.subcommands.lazy.compactMap { path(from: $0, names + [$0._commandName]) }.first
        }
        return ((path(from: Self.self, ["authbed"]) ?? ["authbed"]) + ["--help"]).joined(separator: " ")
    }
}

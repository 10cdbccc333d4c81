import ArgumentParser
import Forging
import Foundation

struct Responder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ocsp",
        abstract: "Answers OCSP requests over HTTP, rightly or as a script says.",
        discussion: """
            Prints {"ready":{"url":…}} once it accepts connections, which come from this machine only. GET URL/state counts what it has \
            answered. Without a script it answers what has been revoked with this tool, from that moment on.

            A script has a rule a line, ANSWER [MILLISECONDS] [for SERIAL] [times NUMBER]; the first that fits counts, and without one \
            the answer is right. It is read again when it has changed. \
            Answers: \(OCSPScript.Answer.allCases.map(\.rawValue).joined(separator: ", "))

            Examples:
              certs-gen ocsp --pki pki
              echo 'revoked for 4f0c…e1' > answers; certs-gen ocsp --pki pki --listen 127.0.0.1:8080 --script answers
              echo 'slow 2000 times 3' > answers
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Option(help: "Loopback address and port; port 0 for any that is free.")
    var listen = Address(host: "127.0.0.1", port: 0)

    @Option(help: ArgumentHelp("How to answer.", valueName: "file"))
    var script: String?

    @Option(help: "How long an answer is valid.")
    var lifetime = Seconds(300, as: "5m")

    @Flag(help: "End when standard input is closed.")
    var exitWithParent = false

    struct Address: ExpressibleByArgument {
        var host: String
        var port: UInt16

        init(host: String, port: UInt16) { (self.host, self.port) = (host, port) }

        init?(argument: String) {
            let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let port = UInt16(parts[1]) else { return nil }
            self.init(host: String(parts[0]), port: port)
        }

        var defaultValueDescription: String { "\(host):\(port)" }
    }

    private struct Ready: Encodable {
        var ready: [String: String]
    }

    func run() throws {
        let complain: @Sendable (String) -> Void = { FileHandle.standardError.write(Data("certs-gen: error: \($0)\n".utf8)) }
        guard lifetime.value >= 1 else { throw ValidationError("an answer is valid for a second at least") }
        let server = try OCSPServer(
            responder: OCSPResponder(pki: try PKI(opening: pki), lifetime: Int(lifetime.value)),
            schedule: try OCSPSchedule(file: script, report: complain), host: listen.host, port: listen.port, report: complain)
        if exitWithParent { Self.endWithInput() }
        try Output.print(Ready(ready: ["url": server.url]))
        server.run()
    }

    /// The parent's end closes it.
    private static func endWithInput() {
        Thread.detachNewThread {
            while case let data = FileHandle.standardInput.availableData, !data.isEmpty {}
            Foundation.exit(0)
        }
    }
}

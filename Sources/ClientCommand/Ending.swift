import ArgumentParser
import Client
import Foundation

/// How errors end the program: 1 for a "no", 2 for misuse, 3 for everything else.
enum Ending {
    static func exit(with error: any Error) -> Never {
        switch error {
        case let error as ConfigurationError:
            end(2, error.description)
        case let error as Misuse:
            end(2, "mcp-client: error: \(error.message)")
        case let error as ClientError:
            end(code(of: error), "mcp-client: error: \(error)")
        case let code as ExitCode:
            Foundation.exit(code.rawValue)
        default:
            let code = ClientTool.exitCode(for: error)
            if code == .success { ClientTool.exit(withError: error) }
            if code == .validationFailure { end(2, "mcp-client: error: \(withoutLabel(ClientTool.fullMessage(for: error)))") }
            end(3, "mcp-client: error: \(error)")
        }
    }

    static func code(of error: ClientError) -> Int32 {
        if case .refused = error { 1 } else { 3 }
    }

    private static func withoutLabel(_ message: String) -> String {
        message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
    }

    private static func end(_ status: Int32, _ message: String) -> Never {
        StandardStreams.complain(message)
        Foundation.exit(status)
    }
}

/// Something that was asked for and makes no sense.
struct Misuse: Error {
    let message: String
}

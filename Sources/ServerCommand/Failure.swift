import ArgumentParser
import Foundation
import Server
import Store

/// How errors end the program: 1 for a "no", 2 for misuse, 3 for its own fault.
enum Failure {
    static func exit(with error: any Error) -> Never {
        switch error {
        case let error as ServerConfigurationError: end(2, "\(error)")
        case is Misuse, is StartFailure: end(2, "mcp-server: error: \(error)")
        case is APIKeyStoreError: end(1, "mcp-server: error: \(error)")
        default: endByArguments(error)
        }
    }

    private static func endByArguments(_ error: any Error) -> Never {
        switch MCPServerCommand.exitCode(for: error) {
        case .success: MCPServerCommand.exit(withError: error)  // --help
        case .validationFailure: end(2, MCPServerCommand.fullMessage(for: error))
        default: end(3, "mcp-server: error: \(error)")
        }
    }

    private static func end(_ status: Int32, _ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        Foundation.exit(status)
    }
}

/// Something the operator asked for that makes no sense.
struct Misuse: Error, CustomStringConvertible {
    let description: String
}

import ArgumentParser
import Forging
import Foundation

/// How errors end the program: 1 for a "no", 2 for misuse, 3 for its own fault.
enum Failure {
    static func exit(with error: any Error) -> Never {
        switch error {
        case let code as ExitCode: Foundation.exit(code.rawValue)
        case let error as PKIManifestError: end(2, error.description)
        case let error as ForgingError: end(error.kind == .request ? 2 : 3, "certs-gen: error: \(error)")
        default: endByArguments(error)
        }
    }

    private static func endByArguments(_ error: any Error) -> Never {
        switch CertsGen.exitCode(for: error) {
        case .success: CertsGen.exit(withError: error)  // --help
        case .validationFailure: end(2, CertsGen.fullMessage(for: error))
        default: end(3, "certs-gen: error: \(error)")
        }
    }

    private static func end(_ status: Int32, _ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        Foundation.exit(status)
    }
}

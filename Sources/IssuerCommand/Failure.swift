import ArgumentParser
import Foundation
import Issuer
import Serving
import Store

/// How errors end the program: 1 for a "no", 2 for misuse, 3 for its own fault.
enum Failure {
    static func exit(with error: any Error) -> Never {
        switch error {
        case let error as ConfigurationError: end(2, "\(error)")
        case let error as Misuse: end(2, "token-issuer: error: \(error.message)")
        case let error as UnusableUser: end(2, "token-issuer: error: \(error)")
        case let error as TLSSettings.Problem: end(2, "\(error)")
        case IssuerStoreError.unusable, is UnusableFile: end(3, "token-issuer: error: \(error)")
        case is IssuerStoreError: end(1, "token-issuer: error: \(error)")
        default: endByArguments(error)
        }
    }

    private static func endByArguments(_ error: any Error) -> Never {
        switch TokenIssuer.exitCode(for: error) {
        case .success: TokenIssuer.exit(withError: error)  // --help
        case .validationFailure: end(2, TokenIssuer.fullMessage(for: error))
        default: end(3, "token-issuer: error: \(error)")
        }
    }

    private static func end(_ status: Int32, _ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        Foundation.exit(status)
    }
}

/// Something the operator asked for that makes no sense.
struct Misuse: Error {
    let message: String
}

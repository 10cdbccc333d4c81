import ArgumentParser
import Auth
import Foundation
import Serving

/// Where a password comes from: never from the arguments, which everybody on the machine can see.
struct PasswordOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the password, - for one line on standard input. Without it one is made and printed, this once.",
            valueName: "file"))
    var passwordFile: String?

    /// - Throws: `Misuse`.
    func read() throws -> Secret<String>? {
        guard let passwordFile else { return nil }
        guard let text = try? ConfigurationInput.read(passwordFile) else { throw Misuse(message: "\(passwordFile) cannot be read") }
        // An editor ends the last line; nothing else is taken away.
        return Secret(text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
}

/// The answer to a command that may have made a password.
struct UserAnswer: Encodable {
    let user: String
    let password: String?
}

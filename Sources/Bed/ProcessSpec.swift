import Subprocess
import SystemPackage

/// What a process is started with.
package struct ProcessSpec: Sendable {
    package var role: String
    /// The program's path, and its arguments.
    package var command: [String]
    package var environment: [String: String]
    /// How long it may take to become ready.
    package var readyLimit: Duration
    /// The file that everything it prints is appended to; nil for none.
    package var log: String?
    /// The URL at which it is ready when somebody answers there; nil where it prints a ready line.
    package var listensAt: String?

    package init(
        role: String, command: [String], environment: [String: String], readyLimit: Duration = .seconds(10), log: String? = nil
    ) {
        self.log = log
        self.role = role
        self.command = command
        self.environment = environment
        self.readyLimit = readyLimit
    }

    /// Variables that would make a subject trust, log or go through something that is not the bed's.
    static let cleared = [
        "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "http_proxy",
        "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "LD_PRELOAD",
    ]

    func configuration() -> Configuration {
        StartedProcesses.note()
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = Self.teardown
        var updates: [Environment.Key: String?] = [:]
        for name in Self.cleared { updates[Environment.Key(stringLiteral: name)] = .some(nil) }
        for (name, value) in environment { updates[Environment.Key(stringLiteral: name)] = value }
        updates["TZ"] = "UTC"
        return Configuration(
            executable: .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(updates), platformOptions: options)
    }

    static let teardown: [TeardownStep] = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(4))]
}

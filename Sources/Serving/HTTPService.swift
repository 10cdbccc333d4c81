package import Logging
package import ServiceLifecycle
import UnixSignals

/// A program that serves HTTP on one or several ports until it is told to stop.
///
/// SIGTERM and SIGINT drain; SIGHUP reloads; the ready line comes once every port accepts connections.
package struct HTTPService: Sendable {
    package typealias URLs = [String: String]

    private let listeners: [HTTPListener]
    private let services: [any Service]
    private let limits: Limits
    private let exitWithParent: Bool
    private let logger: Logger
    private let onBound: @Sendable (URLs) async throws -> URLs
    private let onReload: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - listeners: With distinct names.
    ///   - services: Run beside the listeners, and stopped with them.
    ///   - exitWithParent: Stop gracefully at the end of standard input, and at once when the parent dies.
    ///   - onBound: Receives the listeners' addresses by name, such as `https://127.0.0.1:4381`, before the ready line is
    ///     written, and returns the members of that line. An error ends the program.
    ///   - onReload: On SIGHUP; an error is logged, and what was loaded before stays.
    package init(
        listeners: [HTTPListener], services: [any Service] = [], limits: Limits = Limits(), exitWithParent: Bool, logger: Logger,
        onBound: @escaping @Sendable (URLs) async throws -> URLs = { $0 },
        onReload: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.listeners = listeners
        self.services = services
        self.limits = limits
        self.exitWithParent = exitWithParent
        self.logger = logger
        self.onBound = onBound
        self.onReload = onReload
    }

    /// Returns after a graceful end.
    /// - Throws: What kept it from starting, such as a port in use.
    package func run() async throws {
        let (bound, source) = AsyncStream.makeStream(of: (name: String, url: String).self)
        var members: [any Service] = listeners.map { $0.service(logger: logger) { source.yield(($0, $1)) } } + services
        members.append(Readiness(bound: bound, expected: listeners.count, onBound: onBound))
        members.append(Reload(logger: logger, onReload: onReload))
        var named = members.map { ServiceGroupConfiguration.ServiceConfiguration(service: NamedService(service: $0)) }
        if exitWithParent {
            named.append(.init(service: NamedService(service: EndOfInput()), successTerminationBehavior: .gracefullyShutdownGroup))
        }
        var configuration = ServiceGroupConfiguration(
            services: named, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = limits.shutdown
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// A service by the name of its type. The group calls each by what it prints as, and most would print all that they hold.
private struct NamedService: Service, CustomStringConvertible {
    let service: any Service

    var description: String { "\(type(of: service))" }

    func run() async throws { try await service.run() }
}

/// Waits for every listener, lets the program settle what depends on the ports, and says that it is ready.
private struct Readiness: Service {
    let bound: AsyncStream<(name: String, url: String)>
    let expected: Int
    let onBound: @Sendable (HTTPService.URLs) async throws -> HTTPService.URLs

    func run() async throws {
        var urls: HTTPService.URLs = [:]
        for await (name, url) in bound.cancelOnGracefulShutdown() {
            urls[name] = url
            if urls.count == expected { break }
        }
        if urls.count == expected {
            try ReadyLine.write(try await onBound(urls))
        }
        try await gracefulShutdown()
    }
}

/// Without it SIGHUP would end the process.
private struct Reload: Service {
    let logger: Logger
    let onReload: @Sendable () async throws -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try await onReload()
                logger.info("reloaded")
            } catch {
                logger.error("reload failed, what was loaded before stays: \(error)")
            }
        }
    }
}

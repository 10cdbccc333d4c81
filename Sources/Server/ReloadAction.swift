import Synchronization

/// What SIGHUP does, and what is looked after every second, once the server has begun.
final class ReloadAction: Sendable {
    private struct Reloadable: Sendable {
        let certificates: CertificateReload
        let resources: ServerResources
    }

    private let reloadable = Mutex<Reloadable?>(nil)

    func set(_ certificates: CertificateReload, _ resources: ServerResources) {
        reloadable.withLock { $0 = Reloadable(certificates: certificates, resources: resources) }
    }

    /// Reads everything again.
    /// - Throws: What is wrong; whatever could be used has been taken all the same.
    func run() async throws {
        guard let reloadable = reloadable.withLock({ $0 }) else { return }
        var failures: [any Error] = []
        do { try await reloadable.certificates.reload() } catch { failures.append(error) }
        do { try await reloadable.resources.reload() } catch { failures.append(error) }
        guard failures.isEmpty else { throw StartFailure(failures.map { "\($0)" }.joined(separator: "; ")) }
    }

    /// Takes what has changed by itself.
    func tick() async {
        await reloadable.withLock { $0 }?.certificates.tick()
    }
}

import Foundation
import Probing
import Scenarios

/// Measures what certificates cost the servers of all schemes that show one and nothing else, and nginx beside them with the same
/// certificates, by turns and in random order.
struct CertificateBench: Sendable {
    let rounds: Int
    /// Requests in a block, with a connection for each, and over kept connections.
    let cold: Int
    let warm: Int
    let connections: Int
    let programs: Programs
    let folder: String

    func measure(
        _ all: [BenchContender], _ stages: [Stage], _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> CertificateCosts? {
        let ours = zip(all, stages).filter { $1.cell.scheme.presents == ["certificate"] }
        guard let (first, stage) = ours.first(where: { $0.0.name == CertificateCosts.base }) else { return nil }
        guard let path = NginxCompanion.path(programs) else {
            progress("nginx is not installed: its figures are missing")
            return await measure(ours.map(\.0), beside: nil, progress)
        }
        let place = "\(folder)/nginx"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try stage.world.pki.writeRevocationList(now: Date().timeIntervalSince1970)
        let server = stage.world.pki.named("server")
        let site = { (name: String, list: String?) in
            NginxCompanion.Site(
                name: CertificateCosts.nginx + name, certificate: server.certificate, key: server.key,
                clientCA: stage.world.pki.clientCA, revocationList: list)
        }
        let companion = NginxCompanion(
            path: path, folder: place,
            sites: [site(CertificateCosts.base, nil), site(CertificateCosts.base + "-crl", stage.world.pki.revocationList)])
        let version = await NginxCompanion.version(path)
        return try await companion.run { urls, session in
            let theirs = urls.sorted { $0.key < $1.key }.map { name, url in
                BenchContender(
                    name: name,
                    request: { ordinal in
                        var request = first.request(ordinal)
                        request.url = url
                        return request
                    }, identity: first.identity, ca: first.ca, session: session)
            }
            return await measure(ours.map(\.0) + theirs, beside: version, progress)
        }
    }

    private func measure(
        _ contenders: [BenchContender], beside: String?, _ progress: (String) -> Void
    ) async -> CertificateCosts {
        var rows = contenders.map { CertificateCosts.Row(name: $0.name) }
        for round in 0...rounds {
            for index in contenders.indices.shuffled() {
                // The first round warms caches and is not counted.
                await block(contenders[index], .newConnection, cold, into: &rows[index].cold, counts: round > 0)
                await block(contenders[index], .kept, warm, into: &rows[index].warm, counts: round > 0)
            }
            progress("certificates, round \(round) of \(rounds)")
        }
        return CertificateCosts(rows: rows, beside: beside)
    }

    private func block(
        _ contender: BenchContender, _ channel: Channel, _ requests: Int, into series: inout CertificateCosts.Series, counts: Bool
    ) async {
        let loop = ClosedLoop(
            connections: connections, extent: .requests(requests), warmUp: channel == .kept ? connections : 0, ca: contender.ca,
            identity: contender.identity, channel: channel)
        let before = SessionTime.seconds(contender.session)
        let outcome = await loop.run(contender.request)
        let used = SessionTime.seconds(contender.session) - before
        series.failed += outcome.others.values.reduce(0, +)
        guard counts, outcome.accepted > 0 else { return }
        series.perSecond.append(outcome.requestsPerSecond)
        series.cpuMicroseconds.append(used / Double(outcome.accepted) * 1e6)
    }
}

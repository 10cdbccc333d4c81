import Foundation
import Probing
import Scenarios

/// What the server under test is told of certificates: whom it trusts, which lists it reads, and which callers it knows.
extension CellRunner {
    func tlsDocument(_ world: CellWorld, _ certificate: ClientIdentity) throws -> ServerDocument.TLS {
        var tls = ServerDocument.TLS(certificate: certificate.certificate, key: certificate.key)
        guard cell.scheme.presents.contains("certificate") else { return tls }
        tls.clientCA = try trustedAnchors(world)
        tls.maxChain = cell.scenario.server?.maxChain
        tls.ocsp = ocsp(world)
        let readsLists = cell.scheme.readsLists
        if readsLists { tls.crl = try revocationLists(world) }
        if readsLists, let seconds = cell.scenario.server?.listRefresh, let point = world.responder {
            (tls.crl, tls.crlRefreshSeconds) = (point.listURL, seconds)
        }
        if !pki.hasManyAuthorities {
            tls.intermediates = pki.intermediates
        } else if readsLists {
            // Callers send them along. Whose lists count must be known before anybody calls.
            let path = "\(folder)/intermediates.pem"
            try Documents.write(Data(try pki.allIntermediates().utf8), to: path)
            tls.intermediates = path
        }
        return tls
    }

    /// Every answer is asked for anew, so that what is measured is the asking and not the remembering.
    private func ocsp(_ world: CellWorld) -> ServerDocument.OCSP? {
        guard let mode = cell.scheme.ocsp, let responder = world.responder else { return nil }
        return .init(mode: mode, responder: responder.url, maxAgeSeconds: cell.scenario.server?.ocspMaxAge ?? 0)
    }

    /// The bed's own anchors, those of the bundles that the scenario names, and those of the chains that its battery presents.
    private func trustedAnchors(_ world: CellWorld) throws -> String {
        let bundles = cell.scenario.server?.trust ?? []
        guard !bundles.isEmpty || world.limbo != nil else { return pki.clientCA }
        let texts = try [pki.anchors()] + bundles.map { try pki.anchors($0) } + [try world.limbo?.anchors(limboCases) ?? ""]
        let path = "\(folder)/trusted.pem"
        try Documents.write(Data(texts.joined().utf8), to: path)
        return path
    }

    private func revocationLists(_ world: CellWorld) throws -> String {
        guard let limbo = world.limbo else { return pki.revocationList }
        let path = "\(folder)/lists.pem"
        let own = try String(contentsOfFile: pki.revocationList, encoding: .utf8)
        try Documents.write(Data((own + (try limbo.lists(limboCases))).utf8), to: path)
        return path
    }

    /// Ids of the chains after x509-limbo that are presented.
    var limboCases: [String] {
        (cell.played.battery?.cases ?? []).flatMap(\.bends).compactMap { bend in
            switch bend {
            case .limbo(let id), .moment(let id): id
            default: nil
            }
        }
    }

    /// Whether a step takes somebody off the list of those who may call, and the server under test would notice.
    var allowListChanges: Bool {
        cell.scenario.steps.contains { step in
            if case .revoke(_, _, .allowList) = step.verb { cell.applicability.gap(of: step.verb) == nil } else { false }
        }
    }

    /// Where the allow-list stands if it is to change while the server runs. Several processes of one server read the same.
    func allowListFile(_ world: CellWorld) throws -> String? {
        guard allowListChanges else { return nil }
        if let list = world.allowList { return list.path }
        let list = try AllowList(clients(world), at: "\(folder)/clients.json")
        world.allowList = list
        return list.path
    }

    /// The allow-list: the scenario's credentials, the right callers of a manifest that has more than those, and the chains' names.
    func clients(_ world: CellWorld) -> [ServerDocument.Client] {
        let own = principals().map {
            ServerDocument.Client(uri: CellPKI.uri(of: $0.key), principal: $0.key, scopes: $0.value, tenant: world.tenant(of: $0.key))
        }
        .sorted { $0.principal < $1.principal }
        let known = Set(own.map(\.uri))
        let others = pki.hasManyAuthorities ? pki.clients(scopes: StoryRunner.allScopes) : []
        return own + others.filter { $0.uri == nil || !known.contains($0.uri) }
            + limboCases.compactMap { world.limbo?.client($0, scopes: StoryRunner.allScopes) }
    }
}

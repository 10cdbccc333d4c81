import Auth
import Foundation
import MutualTLS
import Server
import SwiftASN1
import X509

extension Defect {
    /// Names that are compared in another way than octet by octet, or looked for in another place.
    static let nameDefects: [Defect] = [
        knowing("server/compares-uris-loosely") { peer, client in
            guard let uri = client.uri?.lowercased(), peer.uris.count == 1 else { return false }
            var found = peer.uris[0].lowercased()
            found = found.removingPercentEncoding ?? found
            found = found.replacing("bob/../", with: "")
            found = String(found.prefix { $0 != "?" && $0 != "\0" }).trimmingCharacters(in: .whitespaces)
            if found.hasSuffix("/") { found.removeLast() }
            return found == uri || found.hasPrefix(uri + ".") || found.hasSuffix(uri.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
        },
        knowing("server/takes-any-of-several-uris") { peer, client in client.uri.map(peer.uris.contains) ?? false },
        knowing("server/mixes-kinds-of-names") { peer, client in client.uri.map(peer.dnsNames.contains) ?? false },
        knowing("server/compares-common-names-loosely") { peer, client in
            guard let name = client.commonName, peer.commonNames.count == 1, case let found?? = peer.commonNames.first else { return false }
            let letters = found.prefix { $0 != "\0" && $0 != "\n" && $0 != "." }.trimmingCharacters(in: .whitespaces).lowercased()
            return letters == name || letters.hasSuffix(name) || letters.replacing("\u{430}", with: "a") == name
        },
        knowing("server/reads-any-string-type") { peer, client in
            let names = peer.certificate.subject.flatMap { $0 }.filter { $0.type == .RDNAttributeType.commonName }
            guard names.count == 1, let wanted = client.commonName, let found = letters(of: names[0].value) else { return false }
            return Array(wanted.utf8) == found
        },
        knowing("server/takes-any-of-several-common-names") { peer, client in
            !peer.hasAlternativeNames && client.commonName.map { peer.commonNames.contains($0) } ?? false
        },
        knowing("server/searches-the-subject") { peer, client in
            guard let name = client.commonName, !peer.hasAlternativeNames, peer.commonNames.count == 1 else { return false }
            // As it is printed: with commas between the attributes, and whatever stands in them.
            return "\(peer.certificate.subject)".split(separator: ",").contains { $0.hasSuffix("=" + name) }
        },
        knowing("server/matches-hosts-loosely") { peer, client in
            guard let name = client.dns, client.issuer == peer.issuer else { return false }
            let known = peer.dnsNames + peer.commonNames.compactMap { $0 }
            return known.contains { $0 == name || name.hasSuffix("." + $0) || $0.contains("*") && name.hasSuffix($0.drop { $0 != "." }) }
        },
        Defect(
            "server/ignores-who-gave-the-name",
            server: { parts in
                let clients = parts.clients
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, _ in
                        evidence.client = clients.current.first { client in
                            var client = client
                            (client.issuer, client.anchor) = (nil, nil)
                            return client.matches(evidence.peer)
                        }
                        return evidence.client == nil ? Refusal(.name) : nil
                    })
            }),
        Defect(
            "server/wants-the-common-name-to-agree",
            server: { parts in
                guard let right = parts.nameCheck else { return }
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, now in
                        if let refusal = await right(&evidence, at: now) { return refusal }
                        guard let uri = evidence.client?.uri, case let name?? = evidence.peer.commonNames.first else { return nil }
                        return uri.hasSuffix("/" + name) ? nil : Refusal(.name)
                    })
            }),
        Defect(
            "server/dies-of-long-names",
            server: { parts in
                guard let right = parts.nameCheck else { return }
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, now in
                        if evidence.peer.commonNames.contains(where: { ($0?.utf8.count ?? 0) > 10_000 }) { breakDown() }
                        return await right(&evidence, at: now)
                    })
            }),
    ]

    /// Whoever is not on the list may still be somebody, if his certificate matches in the defect's way.
    private static func knowing(_ id: String, _ matches: @escaping @Sendable (PeerCertificate, AllowedClient) -> Bool) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.nameCheck else { return }
                let clients = parts.clients
                parts.peers = parts.peers.replacing(
                    "name",
                    with: Check("name") { evidence, now in
                        guard let refusal = await right(&evidence, at: now) else { return nil }
                        let (peer, anchor) = (evidence.peer, evidence.anchor)
                        evidence.client = clients.current.first { client in
                            (client.issuer ?? peer.issuer) == peer.issuer && (client.anchor ?? anchor) == anchor && matches(peer, client)
                        }
                        return evidence.client == nil ? refusal : nil
                    })
            })
    }

    /// The letters of a name in any encoding, without the zeros of the wider ones.
    private static func letters(of value: RelativeDistinguishedName.Attribute.Value) -> [UInt8]? {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(ASN1Any(value))) != nil, serializer.serializedBytes.count < 128 else { return nil }
        return serializer.serializedBytes.dropFirst(2).filter { $0 != 0 }
    }
}

extension ServerParts {
    /// The check of callers' names, as far as it has been bent.
    fileprivate var nameCheck: Check<PeerEvidence>? { peers.checks.first { $0.name == "name" } }
}

import Foundation
import MutualTLS
import NIOSSL
import Server
import SwiftASN1
import Synchronization
import X509

/// A verifier of chains as a server may write one in BoringSSL's place, after RFC 5280 section 6: a list of rules, each of which can
/// be left out alone.
final class HomemadePath: Sendable {
    /// Whether a path keeps the rule; the client's certificate comes first, and the anchor last.
    typealias Rule = @Sendable (_ path: [Certificate], _ now: Date) throws -> Bool

    enum Name: CaseIterable {
        case signature, validity, authority, version, certificateSigning, purpose, pathLength, length, names, critical, strength, form
    }

    private let configuration: ServerConfiguration
    private let rules: [Rule]
    /// What accepted paths lead to, by the thumbprints of the clients' certificates.
    private let anchors = Mutex<[String: Anchor]>([:])

    /// One that accepted paths lead to.
    struct Anchor: Sendable {
        let thumbprint: String
        /// The same as a set that can be compared with those that are trusted.
        let alone: AnchorSet

        init(_ der: [UInt8]) {
            thumbprint = PeerCertificate.thumbprint(of: der)
            alone = AnchorSet([der])
        }
    }

    /// - Parameter forgotten: The rules that are left out.
    init(_ configuration: ServerConfiguration, without forgotten: Set<Name> = []) {
        self.configuration = configuration
        let longest = configuration.tls?.maxChain ?? 5
        rules = Name.allCases.filter { !forgotten.contains($0) }.map { Self.rule($0, longest) }
    }

    /// - Parameter presented: What the client has sent, its own certificate first.
    func accepts(_ presented: [NIOSSLCertificate], at now: Date) -> Bool {
        guard let sent = try? presented.map({ try Certificate(derEncoded: $0.toDERBytes()) }), let leaf = sent.first else { return false }
        let anchors = Self.read(configuration.tls?.clientCA)
        let others = sent.dropFirst() + Self.read(configuration.tls?.intermediates)
        var paths: [[Certificate]] = []
        Self.extend([leaf], anchors, Array(others), &paths)
        guard let path = paths.first(where: { path in rules.allSatisfy { (try? $0(path, now)) ?? false } }),
            let client = try? leaf.der, let anchor = try? path[path.count - 1].der
        else { return false }
        self.anchors.withLock { $0[PeerCertificate.thumbprint(of: client)] = Anchor(anchor) }
        return true
    }

    /// The anchor that a client's certificate was found to lead to.
    func anchor(of client: PeerCertificate) -> Anchor? { anchors.withLock { $0[client.thumbprint] } }

    /// What was in files of certificates, when they were looked at last.
    private static let files = Mutex<[String: (stamp: FileStamp, certificates: [Certificate])]>([:])

    /// Read anew where it has been replaced: a watched server asks a dozen of these judges of each connection.
    private static func read(_ file: String?) -> [Certificate] {
        guard let file, let stamp = FileStamp(file) else { return [] }
        if let known = files.withLock({ $0[file] }), known.stamp == stamp { return known.certificates }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
        let certificates = (try? Certificate.all(inPEM: text)) ?? []
        files.withLock { $0[file] = (stamp, certificates) }
        return certificates
    }

    /// By names alone: whether they have signed each other is a rule.
    private static func extend(_ path: [Certificate], _ anchors: [Certificate], _ others: [Certificate], _ found: inout [[Certificate]]) {
        guard found.count < 64, path.count < 12 else { return }
        let top = path[path.count - 1]
        for anchor in anchors where anchor.subject == top.issuer { found.append(path + [anchor]) }
        for other in others where other.subject == top.issuer && !path.contains(other) { extend(path + [other], anchors, others, &found) }
    }

    private static func rule(_ name: Name, _ longest: Int) -> Rule {
        switch name {
        case .signature:
            { path, _ in zip(path, path.dropFirst()).allSatisfy { $1.publicKey.isValidSignature($0.signature, for: $0) } }
        case .validity: { path, now in path.allSatisfy { $0.notValidBefore <= now && now < $0.notValidAfter } }
        case .authority:
            { path, _ in
                try path.dropFirst().allSatisfy { issuer in
                    if case .isCertificateAuthority? = try issuer.extensions.basicConstraints { true } else { issuer.version != .v3 }
                }
            }
        case .version: { path, _ in path.dropFirst().allSatisfy { $0.version == .v3 } }
        case .certificateSigning: { path, _ in try path.dropFirst().allSatisfy { try $0.extensions.keyUsage?.keyCertSign ?? true } }
        case .purpose:
            { path, _ in
                try path.dropFirst().allSatisfy { issuer in
                    guard let usage = try issuer.extensions.extendedKeyUsage else { return true }
                    return usage.contains(.clientAuth) || usage.contains(.any)
                }
            }
        case .pathLength:
            { path, _ in
                try path.enumerated().dropFirst().allSatisfy { depth, issuer in
                    guard case .isCertificateAuthority(let limit?)? = try issuer.extensions.basicConstraints else { return true }
                    return path[1..<depth].count { $0.subject != $0.issuer } <= limit
                }
            }
        case .length: { path, _ in path.count <= longest }
        case .names: { path, _ in try HomemadeNames.allow(path) }
        case .critical:
            { path, _ in path.allSatisfy { $0.extensions.allSatisfy { !$0.critical || known.contains($0.oid) } } }
        case .strength:
            { path, _ in try path.dropFirst().dropLast().allSatisfy { try PeerCertificate(der: $0.der).weakness == nil } }
        case .form:
            { path, _ in
                path.enumerated().dropFirst().allSatisfy { depth, issuer in
                    // Versions, and what keys are for, have rules of their own.
                    issuer.version != .v3 || (try? issuer.extensions.keyUsage)?.keyCertSign == false
                        || CertificateProfile.objection(to: issuer, as: depth == path.count - 1 ? .anchor : .issuer) == nil
                }
            }
        }
    }

    private static let known: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.nameConstraints,
    ]
}

extension Certificate {
    var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
